package io.dimee.client.deadletters;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.DeadLetter;
import io.dimee.serdes.EnumNames;
import java.util.Base64;

/** A dead letter as one line of JSON; the field names are a contract that scripts rely on. */
public final class DeadLetterJson {
  private final ObjectMapper json = new ObjectMapper();

  /** Formats a dead letter. */
  public String line(DeadLetterBox.Entry entry) {
    DeadLetter letter = entry.letter();
    ObjectNode node = json.createObjectNode();
    node.put("place", entry.place());
    node.put("event_id", entry.eventId());
    node.put("stage", EnumNames.lower(letter.getStage()));
    node.put("reason", EnumNames.lower(letter.getReason()));
    node.put("message", letter.getMessage());
    node.put("exception", letter.getException());
    node.put("topic", letter.getTopic());
    node.put("partition", letter.getPartition());
    node.put("offset", letter.getOffset());
    node.put("payload_size", letter.getPayloadSize());
    node.put("payload_head", Base64.getEncoder().encodeToString(PayloadText.bytes(letter)));
    node.put("failed_at", letter.getFailedAt().toString());
    node.put("replayed", entry.isReplayed());
    return node.toString();
  }
}
