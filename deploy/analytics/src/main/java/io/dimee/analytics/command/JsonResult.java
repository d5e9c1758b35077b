package io.dimee.analytics.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.analytics.ResultColumn;
import io.dimee.analytics.ResultPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A result as one JSON object a line; structs, lists and maps are JSON's own. */
final class JsonResult implements ResultPrinter {
  private final JsonValues values = new JsonValues();
  private final List<String> names = new ArrayList<>();
  private final PrintWriter out;

  JsonResult(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<ResultColumn> columns) {
    columns.forEach(column -> names.add(column.name()));
  }

  @Override
  public boolean row(List<Object> row) {
    try (JsonGenerator json = values.generator(out)) {
      json.writeStartObject();
      for (int i = 0; i < row.size(); i++) {
        json.writeFieldName(names.get(i));
        values.write(row.get(i), json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.print('\n');
    return !out.checkError();
  }

  @Override
  public void end() {
    out.flush();
  }
}
