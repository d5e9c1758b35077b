package io.dimee.lab.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.dimee.console.Table;
import io.dimee.lab.whatif.WhatIfCosts;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Shows what past predictions would have cost. */
final class WhatIfReport {
  private WhatIfReport() {}

  static void print(WhatIfCosts.Result result, PrintWriter out) {
    out.println(table(result));
    if (result.beyond() > 0) {
      out.printf(
          "%d of %d predictions would have gone deeper than they did; what deeper exits would have said is not recorded,"
              + " so they are left out%n",
          result.beyond(), result.events());
    }
    if (result.cloudOnlyLacksBytes()) {
      out.println(
          "the cost of the cloud alone lacks its bytes part: predictions do not record their number of tokens");
    }
  }

  static String json(WhatIfCosts.Result result) throws JsonProcessingException {
    return new ObjectMapper()
        .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .writeValueAsString(result);
  }

  private record Row(String what, String before, String after) {}

  private static Table.Lines table(WhatIfCosts.Result result) {
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row("predictions", Long.toString(result.events()), Long.toString(result.followed())));
    if (result.accuracyBefore() != null) {
      rows.add(
          new Row(
              "accuracy",
              Table.percent(result.accuracyBefore(), 2),
              Table.percent(result.accuracyAfter(), 2)));
    }
    rows.add(
        new Row(
            "cost, mean", Table.decimal(result.costBefore()), Table.decimal(result.costAfter())));
    rows.add(new Row("cost, cloud alone", "", Table.decimal(result.cloudOnly())));
    rows.add(new Row("cost reduction", "", Table.percent(result.costReduction(), 2)));
    result
        .share()
        .forEach(
            (tier, share) -> rows.add(new Row("answered by " + tier, "", Table.percent(share, 2))));
    return new Table<Row>()
        .text("what if", Row::what)
        .number("recorded", Row::before)
        .number("replayed", Row::after)
        .of(rows);
  }
}
