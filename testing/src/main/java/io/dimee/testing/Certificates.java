package io.dimee.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate, made by the JDK's keytool.
 *
 * @param store holds the key, and serves as trust store too
 * @param password of store and key
 */
public record Certificates(Path store, String password) {
  /** Makes one for localhost that is valid for a day. */
  public static Certificates create(Path directory, String password)
      throws IOException, InterruptedException {
    return create(directory, password, "localhost", "san=dns:localhost,ip:127.0.0.1");
  }

  /** Makes one for another host that is valid for a day. */
  public static Certificates forAnotherHost(Path directory, String password)
      throws IOException, InterruptedException {
    return create(directory, password, "elsewhere", "san=dns:elsewhere.example");
  }

  private static Certificates create(Path directory, String password, String host, String names)
      throws IOException, InterruptedException {
    Path store = directory.resolve(host + ".p12");
    ProcessBuilder keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                host,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                names,
                "-validity",
                "1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                "STORE_PASSWORD")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile());
    keytool.environment().put("STORE_PASSWORD", password);
    if (keytool.start().waitFor() != 0) {
      throw new IOException(Files.readString(directory.resolve("keytool.log")));
    }
    return new Certificates(store, password);
  }

  /** For a server. */
  public SSLContext context() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, password.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
