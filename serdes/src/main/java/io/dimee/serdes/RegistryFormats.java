package io.dimee.serdes;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Confluent's wire format for every type of record. Owns the registry's client. */
public final class RegistryFormats implements RecordFormats {
  private final RegistrySettings settings;
  private final ConfluentRegistry registry;
  private final SingleObjectFormats singleObject = new SingleObjectFormats();
  private final Map<Class<?>, RegistryFormat<?>> formats = new ConcurrentHashMap<>();

  /** Creates formats; nothing is asked yet. */
  public RegistryFormats(RegistrySettings settings) {
    this.settings = settings;
    this.registry = new ConfluentRegistry(settings.url(), settings.client(), settings.attempts());
  }

  @Override
  public <T extends SpecificRecord> RecordFormat<T> of(Class<T> type) {
    return format(type);
  }

  @SuppressWarnings("unchecked") // the map pairs each class with its own format
  private <T extends SpecificRecord> RegistryFormat<T> format(Class<T> type) {
    return (RegistryFormat<T>) formats.computeIfAbsent(type, t -> create(type));
  }

  private <T extends SpecificRecord> RegistryFormat<T> create(Class<T> type) {
    return new RegistryFormat<>(type, registry, settings.autoRegister(), singleObject.of(type));
  }

  @Override
  public void prepare(String topic, Class<? extends SpecificRecord> type) {
    format(type).id(topic);
  }

  /** Registers a type's schema for a topic, if it is not registered yet; returns its id. */
  public int register(String topic, Class<? extends SpecificRecord> type) {
    return registry.register(RegistryFormat.subject(topic), SpecificData.get().getSchema(type));
  }

  /** Whether this build's schema of a type is registered for a topic. */
  public boolean isRegistered(String topic, Class<? extends SpecificRecord> type) {
    return registry
        .idOf(RegistryFormat.subject(topic), SpecificData.get().getSchema(type))
        .isPresent();
  }

  /** Why a type's schema may not be registered for a topic; empty when it may. */
  public List<String> incompatibilities(String topic, Class<? extends SpecificRecord> type) {
    return registry.incompatibilities(
        RegistryFormat.subject(topic), SpecificData.get().getSchema(type));
  }

  @Override
  public void close() {
    registry.close();
  }
}
