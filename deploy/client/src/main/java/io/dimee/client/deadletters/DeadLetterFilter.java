package io.dimee.client.deadletters;

import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.cluster.ConfigurationException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Picks dead letters by what they say; all conditions must hold. */
public final class DeadLetterFilter implements Predicate<DeadLetterBox.Entry> {
  private static final String REASON = "reason";
  private static final String STAGE = "stage";
  private static final String TOPIC = "topic";
  private static final String ID = "id";
  private static final String PLACE = "place";
  private static final Set<String> KEYS = new TreeSet<>(List.of(REASON, STAGE, TOPIC, ID, PLACE));

  private final Map<String, String> conditions;

  /**
   * Checks the conditions.
   *
   * @throws ConfigurationException when a key or a value is not one that a dead letter can have
   */
  public DeadLetterFilter(Map<String, String> conditions) {
    for (Map.Entry<String, String> condition : conditions.entrySet()) {
      if (!KEYS.contains(condition.getKey())) {
        throw new ConfigurationException(
            "where=%s is not valid; valid keys: %s".formatted(condition, String.join(", ", KEYS)));
      }
    }
    requireOneOf(conditions, REASON, Reason.values());
    requireOneOf(conditions, STAGE, Stage.values());
    this.conditions = Map.copyOf(conditions);
  }

  private static void requireOneOf(Map<String, String> conditions, String key, Enum<?>[] values) {
    String value = conditions.get(key);
    if (value != null && Arrays.stream(values).noneMatch(v -> isNamed(v, value))) {
      throw new ConfigurationException(
          "where %s=%s is not valid; valid: %s"
              .formatted(
                  key,
                  value,
                  String.join(", ", Arrays.stream(values).map(EnumNames::lower).toList())));
    }
  }

  private static boolean isNamed(Enum<?> value, String name) {
    return value.name().equalsIgnoreCase(name.replace('-', '_'));
  }

  @Override
  public boolean test(DeadLetterBox.Entry entry) {
    return conditions.entrySet().stream().allMatch(c -> holds(entry, c.getKey(), c.getValue()));
  }

  private static boolean holds(DeadLetterBox.Entry entry, String key, String value) {
    return switch (key) {
      case REASON -> isNamed(entry.letter().getReason(), value);
      case STAGE -> isNamed(entry.letter().getStage(), value);
      case TOPIC -> value.equals(entry.letter().getTopic());
      case PLACE -> value.equals(entry.place());
      default -> value.equals(entry.eventId());
    };
  }
}
