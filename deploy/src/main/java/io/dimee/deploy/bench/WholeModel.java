package io.dimee.deploy.bench;

import io.dimee.avro.TextEvent;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.inference.onnx.UnmodifiedModel;
import io.dimee.serdes.RecordFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The unmodified model behind a decoder of events and an encoder of answers. One thread. */
final class WholeModel implements AutoCloseable {
  private final RecordFormat<TextEvent> format;
  private final TextTokenizer tokenizer;
  private final UnmodifiedModel model;

  WholeModel(Bundle bundle, RecordFormat<TextEvent> format) {
    this.format = format;
    this.tokenizer = TextTokenizer.of(bundle);
    this.model = UnmodifiedModel.load(bundle);
  }

  /** Answers events; "label,confidence" each. */
  List<byte[]> answer(String topic, List<byte[]> events) {
    List<TokenizedText> texts = new ArrayList<>(events.size());
    for (byte[] event : events) {
      TextEvent decoded = format.decode(topic, event);
      texts.add(tokenizer.tokenize(decoded.getText(), decoded.getTextPair()));
    }
    List<byte[]> answers = new ArrayList<>(events.size());
    for (ExitReading reading : model.answer(texts)) {
      answers.add(
          String.format(Locale.ROOT, "%d,%.6f", reading.label(), reading.confidence())
              .getBytes(StandardCharsets.UTF_8));
    }
    return answers;
  }

  static int label(byte[] answer) {
    String text = new String(answer, StandardCharsets.UTF_8);
    return Integer.parseInt(text.substring(0, text.indexOf(',')));
  }

  @Override
  public void close() {
    model.close();
    tokenizer.close();
  }
}
