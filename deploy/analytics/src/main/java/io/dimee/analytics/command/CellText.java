package io.dimee.analytics.command;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Values of a result as text in a cell. */
final class CellText {
  private final JsonValues json = new JsonValues();

  /** The whole value; nothing for null, JSON for what is nested. */
  String of(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof LocalDateTime time) {
      return time.toInstant(ZoneOffset.UTC).toString();
    }
    if (value instanceof List<?> || value instanceof Map<?, ?>) {
      return json.text(value);
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }
}
