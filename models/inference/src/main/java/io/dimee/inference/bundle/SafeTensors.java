package io.dimee.inference.bundle;

import ai.onnxruntime.platform.Fp16Conversions;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads and writes the safetensors format: an eight-byte little-endian header length, a JSON header
 * that maps names to {dtype, shape, data_offsets}, and the tensors' bytes. F32, F16 and U8 are
 * understood; the latter two are widened to fp32 on reading.
 */
public final class SafeTensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HEADER_LIMIT = 1 << 20;

  /** How values are stored. */
  public enum Precision {
    F32(Float.BYTES),
    F16(Short.BYTES),
    U8(Byte.BYTES);

    private final int bytes;

    Precision(int bytes) {
      this.bytes = bytes;
    }
  }

  private SafeTensors() {}

  /**
   * Maps a file into memory; F32 tensors are views of the mapping.
   *
   * @throws InvalidBundleException when the file is not well formed
   */
  public static Map<String, Tensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new InvalidBundleException(file + " is larger than 2 GiB");
      }
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return parse(file.toString(), mapped);
    }
  }

  static Map<String, Tensor> parse(String name, ByteBuffer bytes) {
    ByteBuffer source = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long headerLength = source.remaining() < Long.BYTES ? -1 : source.getLong();
    if (headerLength < 2 || headerLength > Math.min(HEADER_LIMIT, source.remaining())) {
      throw new InvalidBundleException(name + " is not a safetensors file: bad header length");
    }
    byte[] header = new byte[(int) headerLength];
    source.get(header);
    ByteBuffer data = source.slice().order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try {
      JsonNode root = JSON.readTree(header);
      if (!root.isObject()) {
        throw new IllegalArgumentException("the header is not a JSON object");
      }
      for (Map.Entry<String, JsonNode> entry : root.properties()) {
        if (!entry.getKey().equals("__metadata__")) {
          tensors.put(entry.getKey(), tensor(entry.getValue(), data));
        }
      }
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      throw new InvalidBundleException(
          name + " is not a safetensors file: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
    return tensors;
  }

  private static Tensor tensor(JsonNode entry, ByteBuffer data) {
    Precision precision = Precision.valueOf(entry.path("dtype").asText());
    int[] shape = new int[entry.path("shape").size()];
    long size = precision.bytes;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Math.toIntExact(entry.path("shape").get(i).asLong(-1));
      size = Math.multiplyExact(size, (long) shape[i]);
    }
    long begin = entry.path("data_offsets").path(0).asLong(-1);
    long end = entry.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end < begin || end > data.limit() || size != end - begin) {
      throw new IllegalArgumentException("data_offsets %d..%d do not fit".formatted(begin, end));
    }
    ByteBuffer slice = data.slice((int) begin, (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(shape, widen(precision, slice));
  }

  private static FloatBuffer widen(Precision precision, ByteBuffer bytes) {
    return switch (precision) {
      case F32 -> bytes.asFloatBuffer();
      case F16 -> Fp16Conversions.convertFp16BufferToFloatBuffer(bytes.asShortBuffer());
      case U8 -> {
        FloatBuffer values = FloatBuffer.allocate(bytes.remaining());
        while (bytes.hasRemaining()) {
          values.put(Byte.toUnsignedInt(bytes.get()));
        }
        yield values.flip();
      }
    };
  }

  /** Writes tensors in iteration order, all alike. */
  public static void write(Path file, Map<String, Tensor> tensors, Precision precision)
      throws IOException {
    write(file, tensors, name -> precision);
  }

  /** Writes tensors in iteration order, each as its name asks. */
  public static void write(
      Path file, Map<String, Tensor> tensors, Function<String, Precision> precisions)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    int offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Precision precision = precisions.apply(entry.getKey());
      int size = Math.multiplyExact(entry.getValue().values().remaining(), precision.bytes);
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", precision.name());
      for (int extent : entry.getValue().shape()) {
        node.withArray("shape").add(extent);
      }
      node.withArray("data_offsets").add(offset).add(offset + size);
      offset = Math.addExact(offset, size);
    }
    byte[] json = headerBytes(header);
    ByteBuffer out =
        ByteBuffer.allocate(Math.addExact(Long.BYTES + json.length, offset))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length).put(json);
    tensors.forEach((name, tensor) -> put(out, tensor, precisions.apply(name)));
    Files.write(file, out.array());
  }

  private static void put(ByteBuffer out, Tensor tensor, Precision precision) {
    FloatBuffer values = tensor.values().duplicate();
    while (values.hasRemaining()) {
      switch (precision) {
        case F32 -> out.putFloat(values.get());
        case F16 -> out.putShort(Fp16Conversions.floatToFp16(values.get()));
        case U8 -> out.put((byte) values.get());
      }
    }
  }

  private static byte[] headerBytes(ObjectNode header) throws JsonProcessingException {
    StringBuilder text = new StringBuilder(JSON.writeValueAsString(header));
    // The format asks for data that begins at a multiple of eight.
    while (text.toString().getBytes(StandardCharsets.UTF_8).length % Long.BYTES != 0) {
      text.append(' ');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
