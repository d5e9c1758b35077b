package io.dimee.calibration.words;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.calibration.data.Example;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** Reads tasks as their authors publish them, each in its own way, from a folder own or glue. */
final class PublishedTasks {
  private final Path own;
  private final Path glue;

  /** Reads from the folders {@code own} and {@code glue} in {@code folder}. */
  PublishedTasks(Path folder) {
    this.own = folder.resolve("own");
    this.glue = folder.resolve("glue");
  }

  /** Rows for training and for measuring; without a published division, seeded. */
  record Task(List<Example> train, List<Example> test, int classes) {}

  private record Row(String text, String pair, String label) {}

  Task read(String name, long seed) throws IOException {
    return switch (name) {
      case "ag_news" -> divided(rows("ag_news/train.csv", "text", null, "label"), agNews());
      case "banking77" ->
          divided(
              rows("banking77/train.csv", "text", null, "category"),
              rows("banking77/test.csv", "text", null, "category"));
      case "trec" -> divided(trec("train"), trec("test"));
      case "sms_spam" -> divide(messages(), seed);
      case "airline_tweets" ->
          divide(rows("airline_tweets/Tweets.csv", "text", null, "airline_sentiment"), seed);
      case "clinc150" -> divided(intents("train"), intents("test"));
      case "github_issues" ->
          divided(
              rows("github_issues/train.csv", "title", "body", "label"),
              rows("github_issues/test.csv", "title", "body", "label"));
      case "github_issues joined" ->
          divided(
              joined(rows("github_issues/train.csv", "title", "body", "label")),
              joined(rows("github_issues/test.csv", "title", "body", "label")));
      case "toutiao_zh" ->
          divided(
              rows("toutiao_zh/train.csv", "text", null, "label"),
              rows("toutiao_zh/test.csv", "text", null, "label"));
      case "SST-2" -> divided(glue("SST-2/train", 0, -1, 1), glue("SST-2/dev", 0, -1, 1));
      case "QQP" -> divided(glue("QQP/train", 0, 1, 2), glue("QQP/dev", 0, 1, 2));
      case "MRPC" -> divided(glue("MRPC/train", 3, 4, 0), glue("MRPC/dev", 3, 4, 0));
      default -> throw new IllegalArgumentException("no task is called " + name);
    };
  }

  private List<Row> rows(String file, String text, String pair, String label) throws IOException {
    return records(file).stream()
        .map(row -> new Row(row.get(text), pair == null ? null : row.get(pair), row.get(label)))
        .toList();
  }

  private List<CSVRecord> records(String file) throws IOException {
    try (Reader reader = Files.newBufferedReader(own.resolve(file))) {
      return CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .get()
          .parse(reader)
          .getRecords();
    }
  }

  private static List<Row> joined(List<Row> rows) {
    return rows.stream().map(row -> new Row(row.text + '\n' + row.pair, null, row.label)).toList();
  }

  private List<Row> agNews() throws IOException {
    List<String> names = List.of("World", "Sports", "Business", "Science or Technology");
    return records("ag_news/test.csv").stream()
        .map(
            row ->
                new Row(
                    row.get("Title") + " " + row.get("Description"),
                    null,
                    names.get(Integer.parseInt(row.get("Class Index").strip()) - 1)))
        .toList();
  }

  private List<Row> trec(String part) throws IOException {
    return Files.readAllLines(own.resolve("trec").resolve(part + ".txt")).stream()
        .map(
            line ->
                new Row(
                    line.substring(line.indexOf(' ') + 1),
                    null,
                    line.substring(0, line.indexOf(':'))))
        .toList();
  }

  /** A message may be broken over two lines. */
  private List<Row> messages() throws IOException {
    String all = Files.readString(own.resolve("sms_spam/SMSSpamCollection"));
    List<Row> rows = new ArrayList<>();
    for (String line : all.split("\n(?=(ham|spam)\t)", -1)) {
      int tab = line.indexOf('\t');
      rows.add(new Row(line.substring(tab + 1), null, line.substring(0, tab)));
    }
    return rows;
  }

  private List<Row> intents(String part) throws IOException {
    JsonNode all = new ObjectMapper().readTree(own.resolve("clinc150/data_full.json").toFile());
    List<Row> rows = new ArrayList<>();
    all.path(part)
        .forEach(row -> rows.add(new Row(row.get(0).asText(), null, row.get(1).asText())));
    return rows;
  }

  private List<Row> glue(String file, int text, int pair, int label) throws IOException {
    return Files.readAllLines(glue.resolve(file + ".tsv")).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(cells -> new Row(cells[text], pair < 0 ? null : cells[pair], cells[label]))
        .toList();
  }

  private static Task divided(List<Row> train, List<Row> test) {
    List<String> labels = train.stream().map(Row::label).distinct().sorted().toList();
    return new Task(examples(train, labels), examples(test, labels), labels.size());
  }

  private static List<Example> examples(List<Row> rows, List<String> labels) {
    return rows.stream()
        .map(row -> new Example(row.text, row.pair, labels.indexOf(row.label), 0))
        .toList();
  }

  private static Task divide(List<Row> rows, long seed) {
    Task all = divided(rows, rows);
    Folds folds = Folds.of(all.train, 5, seed);
    return new Task(at(all.train, folds.outside(0)), at(all.train, folds.in(0)), all.classes);
  }

  private static List<Example> at(List<Example> rows, int[] places) {
    return Arrays.stream(places).mapToObj(rows::get).toList();
  }

  /** A number as the tables print it. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }
}
