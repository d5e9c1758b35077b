package io.dimee.k8s.scaling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@link LagRecorder} wrote: tasks that came for the edge and that one worker committed,
 * second by second.
 */
record Recording(List<Row> rows) {
  /** Waiting tasks from which on a worker is busy all the time. */
  private static final long BUSY = 500;

  private static final int WINDOW_SECONDS = 20;

  /** One second. */
  record Row(int second, long end, long committed) {
    long lag() {
      return end - committed;
    }
  }

  static Recording read(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      rows.add(
          new Row(Integer.parseInt(cells[0]), Long.parseLong(cells[1]), Long.parseLong(cells[2])));
    }
    return new Recording(List.copyOf(rows));
  }

  /** Tasks a second that one worker answers when there is enough to do: the median of windows. */
  double ratePerWorker() {
    double[] rates =
        IntStream.range(0, rows.size() - WINDOW_SECONDS)
            .filter(i -> rows.get(i).committed > 0)
            .filter(
                i ->
                    rows.subList(i, i + WINDOW_SECONDS + 1).stream()
                        .allMatch(row -> row.lag() > BUSY))
            .mapToDouble(
                i ->
                    (rows.get(i + WINDOW_SECONDS).committed - rows.get(i).committed)
                        / (double) WINDOW_SECONDS)
            .sorted()
            .toArray();
    return rates[rates.length / 2];
  }

  /** Tasks that came in each second of a part, over and over. */
  List<Long> arrivals(int from, int to, int seconds) {
    List<Long> arrivals = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      int at = from + i % (to - from);
      arrivals.add(rows.get(at + 1).end - rows.get(at).end);
    }
    return arrivals;
  }
}
