package io.dimee.topology.ledger;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Options;

/**
 * RocksDB for a store through which all events pass and in which few stay: Kafka Streams' buffers
 * of 16 MiB, several a part, would fill with entries that are gone again.
 */
public final class SmallBuffers implements RocksDBConfigSetter {
  private static final long BYTES = 1024 * 1024;
  private static final int BUFFERS = 2;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    options.setWriteBufferSize(BYTES);
    options.setMaxWriteBufferNumber(BUFFERS);
  }

  @Override
  public void close(String storeName, Options options) {
    // nothing here is this class's own
  }
}
