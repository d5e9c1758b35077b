package io.dimee.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableFileTest {
  @TempDir Path directory;

  private List<Row> read(String name, byte[] content, TableFile.Layout layout) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Table table = TableFile.open(Files.write(directory.resolve(name), content), layout)) {
      for (Row row = table.next(); row != null; row = table.next()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private List<List<String>> cells(String name, String content) throws IOException {
    return read(name, content.getBytes(StandardCharsets.UTF_8), TableFile.Layout.DEFAULT).stream()
        .map(Row::cells)
        .toList();
  }

  private List<String> columns(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    try (Table table = TableFile.open(file, TableFile.Layout.DEFAULT)) {
      return table.columns();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void shouldReadQuotedCellsOverSeveralLinesBetweenAnyDelimiter(String delimiter)
      throws IOException {
    String content = "\uFEFFtext,label\r\n\"a, \"\"b\"\"\r\nc\",x\r\n\r\nd,y\r\n";

    assertThat(cells("a.csv", content.replace(",", delimiter)))
        .containsExactly(List.of("a, \"b\"\nc".replace(",", delimiter), "x"), List.of("d", "y"));
  }

  @Test
  void shouldNotTakeQuotesOfTabSeparatedFilesForQuotes() throws IOException {
    assertThat(cells("a.tsv", "text\tlabel\n\"he said\t1\n"))
        .containsExactly(List.of("\"he said", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-8"})
  void shouldReadEveryEncodingWithAByteOrderMark(String charset) throws IOException {
    byte[] content = "\uFEFFtext,label\nÄrger,ü\n".getBytes(Charset.forName(charset));

    assertThat(read("a.csv", content, TableFile.Layout.DEFAULT))
        .extracting(Row::cells)
        .containsExactly(List.of("Ärger", "ü"));
  }

  @Test
  void shouldNameFileAndLineOfBytesInAnotherEncoding() {
    byte[] content = "text,label\nfine,a\nÄrger,b\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> read("a.csv", content, TableFile.Layout.DEFAULT))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("a.csv line 3 is not UTF-8");
  }

  @Test
  void shouldReadCompressedFiles() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("text,label\nfine,a\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(read("a.csv.gz", bytes.toByteArray(), TableFile.Layout.DEFAULT)).hasSize(1);
  }

  @Test
  void shouldTellMalformedRowsAndGoOnBehindThem() throws IOException {
    List<Row> rows =
        read(
            "a.csv",
            "text,label\n\"open,a\nfine,b\nx,c,lost\nshort\n".getBytes(StandardCharsets.UTF_8),
            TableFile.Layout.DEFAULT);

    assertThat(rows).extracting(Row::line).containsExactly(2L, 3L, 4L, 5L);
    assertThat(rows.get(0).fault()).contains("a quote is not closed");
    assertThat(rows.get(1).cells()).containsExactly("fine", "b");
    assertThat(rows.get(2).fault()).contains("3 columns; valid: 2");
    assertThat(rows.get(3).cells()).isEqualTo(Arrays.asList("short", null));
  }

  @Test
  void shouldNumberTheColumnsOfAFileWithoutHeader() throws IOException {
    Path file = Files.writeString(directory.resolve("a.tsv"), "ham\thello\nspam\twin\n");
    try (Table table = TableFile.open(file, TableFile.Layout.DEFAULT.withoutHeader())) {
      assertThat(table.columns()).containsExactly("1", "2");
      assertThat(table.next()).isEqualTo(new Row(1, List.of("ham", "hello"), null));
    }
  }

  @Test
  void shouldReadJsonObjectsByLineAndInArrays() throws IOException {
    List<List<String>> expected =
        List.of(List.of("fine", "1"), Arrays.asList("dull", null), List.of("odd", "a,b"));

    assertThat(
            cells(
                "a.jsonl",
                """
                {"text":"fine","label":1}

                {"text":"dull","label":null}
                {"label":["a","b"],"text":"odd","more":{}}
                """))
        .isEqualTo(expected);
    assertThat(
            cells(
                "a.json",
                """
                [{"text":"fine","label":1},
                {"text":"dull"}, {"label":["a","b"],"text":"odd"}]
                """))
        .isEqualTo(expected);
  }

  @Test
  void shouldReadOneJsonObjectWithAnArrayForEachSplit() throws IOException {
    String content =
        "{\"oos_val\": [[\"q\", \"oos\"]],\n \"train\": [[\"a\", \"x\"], [\"b\", \"y\"]]}";

    assertThat(columns("a.json", content)).containsExactly("split", "text", "label");
    assertThat(cells("a.json", content))
        .containsExactly(
            List.of("oos_val", "q", "oos"), List.of("train", "a", "x"), List.of("train", "b", "y"));
    assertThat(Split.of("oos_val")).contains(Split.DEV);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\n\"text\": \"spread\"}",
        "[{\"text\":\"fine\"}",
        "{\"train\": [[\"a\", \"x\"],",
        "[{\"text\":\"fine\"}] more",
        "{\"text\": \"fine\" "
      })
  void shouldRefuseBrokenJsonWithOneLine(String content) {
    assertThatThrownBy(() -> cells("a.json", content))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("a.json")
        .hasMessageNotContaining("\n");
  }

  @Test
  void shouldReadFastTextLinesWithAnyPrefix() throws IOException {
    assertThat(cells("a.txt", "__label__spam Win  a prize\n__label__a __label__b both\n"))
        .containsExactly(List.of("spam", "Win  a prize"), List.of("a,b", "both"));
    assertThat(
            read(
                "b.txt",
                "NUM:dist How far ?\n".getBytes(StandardCharsets.UTF_8),
                new TableFile.Layout(Optional.of(TableFormat.fasttext), true, "")))
        .extracting(Row::cells)
        .containsExactly(List.of("NUM:dist", "How far ?"));
  }

  @Test
  void shouldSayWhatAFileIsThatItCannotRead() throws IOException {
    assertThatThrownBy(() -> cells("a.csv", "")).hasMessageContaining("a.csv is empty");
    assertThatThrownBy(() -> cells("a.xlsx.csv", "PK\u0003\u0004 x"))
        .hasMessageContaining("a ZIP archive or an Excel workbook");
    assertThatThrownBy(() -> cells("notes.md", "just text\n"))
        .hasMessageContaining("valid: --format csv, tsv, jsonl or fasttext");
    assertThatThrownBy(() -> TableFile.open(directory, TableFile.Layout.DEFAULT))
        .hasMessageContaining("is a directory");
    assertThatThrownBy(
            () -> TableFile.open(directory.resolve("none.csv"), TableFile.Layout.DEFAULT))
        .hasMessageContaining("does not exist");
  }
}
