package io.dimee.k8s.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The picture of docs/kubernetes.md and the numbers beside it. System property {@code dimee.plot}
 * names the file to draw to.
 */
class ScalingPlotTest {
  private static final int EVERY_SECONDS = 15;
  private static final int PODS = 1;

  /** Of the library's first four series. */
  private static final List<String> COLOURS =
      List.of(
          "stroke:rgb(0,55,255)",
          "stroke:rgb(255,172,0)",
          "stroke:rgb(128,0,255)",
          "stroke:rgb(0,205,0)");

  private static final Path PAGE = Path.of("../docs/kubernetes.md");

  @TempDir Path directory;

  @Test
  void shouldSayInTheDocumentationWhatIsDrawn() throws IOException {
    // Given
    Scenario scenario = Scenario.load();
    List<Simulation.Second> seconds = scenario.run(scenario.rule());

    // Then
    assertThat(Files.readString(PAGE).replaceAll("\\s+", " "))
        .contains(
            "%.0f tasks a second".formatted(scenario.ratePerPod()),
            "at most %,.0f tasks".formatted(Simulation.peak(seconds).lag()),
            "gone %d s after the load rose".formatted(drainedAfter(scenario, seconds)));
  }

  @Test
  void shouldDrawALineForEachSeries() throws IOException {
    // When
    Path file =
        Path.of(System.getProperty("dimee.plot", directory.resolve("drawn.svg").toString()));
    draw(file.toAbsolutePath());

    // Then there is a colour for lag and pods by each of two rules; text is drawn as shapes
    assertThat(file).content().startsWith("<?xml").contains(COLOURS);
  }

  private static int drainedAfter(Scenario scenario, List<Simulation.Second> seconds)
      throws IOException {
    return Simulation.drained(seconds, scenario.rule().lagThreshold()).second()
        - Scenario.LOUD_FROM;
  }

  private static void draw(Path file) throws IOException {
    Scenario scenario = Scenario.load();
    List<Simulation.Second> both = scenario.run(scenario.rule());
    List<Simulation.Second> lagAlone = scenario.run(scenario.rule().byLagAlone());
    XYChart chart =
        new XYChartBuilder()
            .width(1000)
            .height(460)
            .title(title(scenario, both))
            .xAxisTitle("minutes")
            .yAxisTitle("records that wait")
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.setYAxisGroupTitle(PODS, "pods");
    chart.getStyler().setYAxisGroupPosition(PODS, Styler.YAxisPosition.Right);
    chart.getStyler().setYAxisMin(0, 0.0);
    chart.getStyler().setYAxisMin(PODS, 0.0);
    chart.getStyler().setYAxisMax(PODS, 14.0);
    add(chart, "lag, by lag and CPU", both, Simulation.Second::lag);
    add(chart, "lag, by lag alone", lagAlone, Simulation.Second::lag);
    add(chart, "pods, by lag and CPU", both, Simulation.Second::pods).setYAxisGroup(PODS);
    add(chart, "pods, by lag alone", lagAlone, Simulation.Second::pods).setYAxisGroup(PODS);

    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }

  /** The picture is smaller without the points between equal ones. */
  private static List<Simulation.Second> corners(
      List<Simulation.Second> seconds, ToDoubleFunction<Simulation.Second> value) {
    List<Simulation.Second> some =
        seconds.stream().filter(second -> second.second() % EVERY_SECONDS == 0).toList();
    return IntStream.range(0, some.size())
        .filter(
            i ->
                i == 0
                    || i == some.size() - 1
                    || value.applyAsDouble(some.get(i)) != value.applyAsDouble(some.get(i - 1))
                    || value.applyAsDouble(some.get(i)) != value.applyAsDouble(some.get(i + 1)))
        .mapToObj(some::get)
        .toList();
  }

  private static String title(Scenario scenario, List<Simulation.Second> seconds)
      throws IOException {
    Simulation.Second peak = Simulation.peak(seconds);
    return "by lag and CPU: at most %.0f wait, drained after %d s; turns: %d; a pod answers %.0f/s"
        .formatted(
            peak.lag(),
            drainedAfter(scenario, seconds),
            Simulation.turns(seconds),
            scenario.ratePerPod());
  }

  private static XYSeries add(
      XYChart chart,
      String name,
      List<Simulation.Second> seconds,
      ToDoubleFunction<Simulation.Second> value) {
    List<Simulation.Second> some = corners(seconds, value);
    XYSeries series =
        chart.addSeries(
            name,
            some.stream().mapToDouble(second -> second.second() / 60.0).toArray(),
            some.stream().mapToDouble(value).toArray());
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }
}
