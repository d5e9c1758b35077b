package io.dimee.lab;

import io.dimee.console.CommandSource;
import io.dimee.lab.bench.BenchCommand;
import io.dimee.lab.model.CalibrateCommand;
import io.dimee.lab.model.EvaluateCommand;
import io.dimee.lab.model.TrainCommand;
import java.util.List;

/** The commands that make, judge and measure models. */
public final class LabCommands implements CommandSource {
  @Override
  public int rank() {
    return 3;
  }

  @Override
  public List<Class<?>> commands() {
    return List.of(
        TrainCommand.class, CalibrateCommand.class, EvaluateCommand.class, BenchCommand.class);
  }
}
