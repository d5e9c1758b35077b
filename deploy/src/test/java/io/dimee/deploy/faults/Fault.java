package io.dimee.deploy.faults;

import io.dimee.deploy.faults.Cluster.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One fault. Times are counted in events that the load should have sent, at its steady rate.
 *
 * @param begins events due when it is done
 * @param ends events due when it is undone
 */
record Fault(Kind kind, Part target, int begins, int ends) {
  /** What is done. */
  enum Kind {
    /** SIGKILL, and a new process afterwards. */
    KILL {
      @Override
      void begin(Cluster cluster, Part target) throws InterruptedException {
        cluster.kill(target);
      }

      @Override
      void end(Cluster cluster, Part target) throws IOException {
        cluster.start(target);
      }
    },
    /** SIGTERM, and a new process afterwards. */
    RESTART {
      @Override
      void begin(Cluster cluster, Part target) {
        cluster.terminate(target);
      }

      @Override
      void end(Cluster cluster, Part target) throws IOException, InterruptedException {
        cluster.awaitEnd(target);
        cluster.start(target);
      }
    },
    /** SIGSTOP for longer than the session timeout: a zombie comes back. */
    FREEZE {
      @Override
      void begin(Cluster cluster, Part target) throws IOException, InterruptedException {
        cluster.freeze(target);
      }

      @Override
      void end(Cluster cluster, Part target) throws IOException, InterruptedException {
        cluster.thaw(target);
      }
    },
    /** One more edge for a while, which leaves in good order. */
    JOIN_AND_LEAVE {
      @Override
      void begin(Cluster cluster, Part target) throws IOException {
        cluster.start(target);
      }

      @Override
      void end(Cluster cluster, Part target) {
        cluster.terminate(target);
      }
    };

    abstract void begin(Cluster cluster, Part target) throws IOException, InterruptedException;

    abstract void end(Cluster cluster, Part target) throws IOException, InterruptedException;
  }

  private static final List<Part> WORKERS =
      List.of(Part.MOBILE, Part.EDGE, Part.OTHER_EDGE, Part.CLOUD);

  /**
   * Of all faults, those that hit the broker: it takes seconds to come back. It is not killed: a
   * single node that is killed between a transaction's decision and its last marker forgets the
   * offsets of it (seen with Kafka 4.3.1), and no client can mend that.
   */
  private static final double BROKER_SHARE = 0.1;

  private static final double FREEZE_SHARE = 0.35;
  private static final double JOIN_SHARE = 0.5;

  /**
   * A schedule; the same for the same arguments.
   *
   * @param perSecond the load's rate
   */
  static List<Fault> schedule(long seed, int count, int perSecond) {
    Random random = new Random(seed);
    List<Fault> faults = new ArrayList<>();
    int at = perSecond;
    for (int i = 0; i < count; i++) {
      at += (int) (perSecond * (0.5 + random.nextDouble()));
      double choice = random.nextDouble();
      Part worker = WORKERS.get(random.nextInt(WORKERS.size()));
      double seconds = 0.2 + 3 * random.nextDouble();
      Fault fault;
      if (choice < BROKER_SHARE) {
        fault = new Fault(Kind.RESTART, Part.BROKER, at, at + (int) (perSecond * seconds));
      } else if (choice < FREEZE_SHARE) {
        double frozen = Cluster.SESSION_TIMEOUT.toSeconds() + 1 + seconds;
        fault = new Fault(Kind.FREEZE, worker, at, at + (int) (perSecond * frozen));
      } else if (choice < JOIN_SHARE) {
        fault =
            new Fault(
                Kind.JOIN_AND_LEAVE, Part.THIRD_EDGE, at, at + (int) (perSecond * (4 + seconds)));
      } else {
        fault = new Fault(Kind.KILL, worker, at, at + (int) (perSecond * seconds));
      }
      faults.add(fault);
      at = fault.ends();
    }
    return faults;
  }
}
