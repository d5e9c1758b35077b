package io.dimee.node.ledger;

import io.dimee.inference.files.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.rocksdb.NativeLibraryLoader;

/** The native code of the ledger's store. */
final class RocksDbLibrary {
  private RocksDbLibrary() {}

  /**
   * Loads it from where it can be deleted at once. RocksDB would unpack it itself, to where it
   * stays for ever when the process is killed.
   */
  static void load() {
    try (TemporaryFolder folder = TemporaryFolder.create("dimee-rocksdb")) {
      NativeLibraryLoader.getInstance().loadLibrary(folder.path().toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot load RocksDB's library: " + e.getMessage(), e);
    }
  }
}
