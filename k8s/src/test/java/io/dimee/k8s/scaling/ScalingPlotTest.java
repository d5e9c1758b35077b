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
 * The picture of docs/kubernetes.md shows what the rule of the manifest does today. Where it does
 * not, system property {@code dimee.plot} names the file to draw it to anew.
 */
class ScalingPlotTest {
  private static final int EVERY_SECONDS = 15;
  private static final int PODS = 1;

  private static final Path PICTURE = Path.of("../docs/k8s-scaling.svg");

  @TempDir Path directory;

  @Test
  void shouldShowInTheDocumentationWhatTheRuleDoes() throws IOException {
    // When
    Path drawn =
        Path.of(System.getProperty("dimee.plot", directory.resolve("drawn.svg").toString()));
    draw(drawn.toAbsolutePath());

    // Then
    assertThat(lines(PICTURE)).isEqualTo(lines(drawn));
  }

  /** Every line and point of a picture; letters are as wide as the machine's fonts. */
  private static List<String> lines(Path picture) throws IOException {
    return Files.readString(picture).lines().toList();
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
            Simulation.drained(seconds, scenario.rule().lagThreshold()).second()
                - Scenario.LOUD_FROM,
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
