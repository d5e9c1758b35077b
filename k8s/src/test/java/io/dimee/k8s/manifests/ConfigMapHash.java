package io.dimee.k8s.manifests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What kustomize puts behind the name of a generated ConfigMap, so that a change has a new name.
 */
final class ConfigMapHash {
  private static final int LENGTH = 10;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private ConfigMapHash() {}

  static String of(Map<String, String> data) {
    Map<String, Object> content = new TreeMap<>();
    content.put("kind", "ConfigMap");
    // kustomize names it later
    content.put("name", "");
    content.put("data", new TreeMap<>(data));
    try {
      // Go writes these three so that no HTML parser mistakes them
      String json =
          JSON.writeValueAsString(content)
              .replace("<", "\\u003c")
              .replace(">", "\\u003e")
              .replace("&", "\\u0026");
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of()
          .formatHex(hash)
          .substring(0, LENGTH)
          .replace('0', 'g')
          .replace('1', 'h')
          .replace('3', 'k')
          .replace('a', 'm')
          .replace('e', 't');
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
