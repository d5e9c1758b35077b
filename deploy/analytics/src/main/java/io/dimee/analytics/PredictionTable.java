package io.dimee.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.avro.Prediction;
import io.dimee.client.outcomes.PredictionFields;
import io.dimee.client.outcomes.RecordField;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.util.List;

/** The answers. */
final class PredictionTable implements TopicTable<Prediction> {
  @Override
  public String name() {
    return "predictions";
  }

  @Override
  public String doc() {
    return "answers: label, tier, exit, cost, hops";
  }

  @Override
  public String topic(Topics topics) {
    return topics.predictions();
  }

  @Override
  public Class<Prediction> type() {
    return Prediction.class;
  }

  @Override
  public boolean isOptional() {
    return false;
  }

  @Override
  public String time() {
    return "predicted_at";
  }

  @Override
  public List<Column> columns() {
    return PredictionFields.ALL.stream().map(Column::of).toList();
  }

  @Override
  public void write(Prediction value, JsonGenerator json) throws IOException {
    RecordField.write(PredictionFields.ALL, value, json, JsonFields.ROW);
  }
}
