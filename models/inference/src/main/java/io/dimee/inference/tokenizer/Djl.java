package io.dimee.inference.tokenizer;

import io.dimee.inference.files.NativeCode;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.ndarray.NDManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/**
 * The way to DJL, which must be used by no other: unless it is told otherwise before, it calls its
 * maker when it is loaded (on EC2 with the instance's id), downloads libraries that suit a GPU, and
 * may load what another user has put in place of its own. What the user has told it is left.
 */
public final class Djl {
  /** The second holds where the environment takes the first back. */
  private static final Map<String, String> NO_CALLS =
      Map.of("ai.djl.offline", "true", "OPT_OUT_TRACKING", "true");

  private Djl() {}

  /**
   * Loads an engine.
   *
   * @param engine by DJL's name of it
   * @return the caller's to close
   */
  public static NDManager manager(String engine) {
    prepare();
    return NDManager.newBaseManager(engine);
  }

  /**
   * Makes a tokenizer.
   *
   * @param json as Hugging Face has it
   * @return the caller's to close
   */
  static HuggingFaceTokenizer tokenizer(byte[] json, Map<String, String> options)
      throws IOException {
    prepare();
    return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
  }

  static TokenizersLibrary tokenizersLibrary() {
    prepare();
    return TokenizersLibrary.LIB;
  }

  private static void prepare() {
    NO_CALLS.forEach(
        (key, value) -> {
          if (System.getProperty(key) == null) {
            System.setProperty(key, value);
          }
        });
    NativeCode.prepareDjl();
  }
}
