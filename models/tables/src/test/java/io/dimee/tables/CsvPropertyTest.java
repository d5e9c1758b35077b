package io.dimee.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

class CsvPropertyTest {
  @Provide
  Arbitrary<List<String>> rows() {
    return Arbitraries.strings()
        .withChars("ab,;\"\n |é中")
        .ofMaxLength(8)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Property
  void shouldReadWhatAnotherLibraryWrites(@ForAll("rows") List<String> texts) throws IOException {
    // Given a file as commons-csv writes it
    StringWriter written = new StringWriter();
    try (CSVPrinter printer = new CSVPrinter(written, CSVFormat.RFC4180)) {
      printer.printRecord("text", "label");
      for (String text : texts) {
        printer.printRecord(text, "x");
      }
    }
    byte[] bytes = written.toString().getBytes(StandardCharsets.UTF_8);

    // When
    LineReader lines = new LineReader(new ByteArrayInputStream(bytes), Encoding.UTF_8);
    try (Table table = DelimitedTable.csv("f", lines, true)) {
      // Then
      assertThat(table.columns()).containsExactly("text", "label");
      for (String text : texts) {
        assertThat(table.next().cells()).containsExactly(text, "x");
      }
      assertThat(table.next()).isNull();
    }
  }
}
