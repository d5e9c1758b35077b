package io.dimee.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Real sentences: those that {@code dimee run} answers. */
public final class SampleTexts {
  private SampleTexts() {}

  /** All of them. */
  public static List<String> all() throws IOException {
    List<String> texts = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                SampleTexts.class.getResourceAsStream("/io/dimee/client/sample-events.jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line : reader.lines().toList()) {
        texts.add(json.readTree(line).get("text").asText());
      }
    }
    return texts;
  }
}
