package io.dimee.deploy.faults;

import io.dimee.deploy.faults.Cluster.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
    /** Connections break in the middle of what they carry. */
    DROP_CONNECTIONS {
      @Override
      void begin(Cluster cluster, Part target) {
        cluster.dropSomeConnections();
      }

      @Override
      void end(Cluster cluster, Part target) {
        cluster.dropSomeConnections();
      }
    },
    /** No connection for a while. */
    CUT_NETWORK {
      @Override
      void begin(Cluster cluster, Part target) {
        cluster.cutNetwork();
      }

      @Override
      void end(Cluster cluster, Part target) {
        cluster.restoreNetwork();
      }
    },
    /** A worker that gets a third of the time. */
    SLOW {
      @Override
      void begin(Cluster cluster, Part target) {
        cluster.slowDown(target);
      }

      @Override
      void end(Cluster cluster, Part target) throws IOException, InterruptedException {
        cluster.speedUp(target);
      }
    },
    /** SIGKILL, and a new process that cannot fill its cache; then one that can. */
    FULL_DISK {
      @Override
      void begin(Cluster cluster, Part target) throws IOException, InterruptedException {
        cluster.startOnFullDisk(target);
      }

      @Override
      void end(Cluster cluster, Part target) throws IOException {
        cluster.start(target);
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
   * Kinds in their proportions; a schedule deals them out, and the last of it each kind once, so
   * that a short one has all of them too. The broker is restarted, not killed: a single node that
   * is killed between a transaction's decision and its last marker forgets the offsets of it (seen
   * with Kafka 4.3.1), and no client can mend that.
   */
  private static final List<Kind> DECK =
      List.of(
          Kind.KILL,
          Kind.KILL,
          Kind.KILL,
          Kind.KILL,
          Kind.FREEZE,
          Kind.FREEZE,
          Kind.RESTART,
          Kind.DROP_CONNECTIONS,
          Kind.CUT_NETWORK,
          Kind.SLOW,
          Kind.FULL_DISK,
          Kind.JOIN_AND_LEAVE);

  /**
   * A schedule over all events, or longer when they are too few; the same for the same arguments.
   *
   * @param perSecond the load's rate
   */
  static List<Fault> schedule(long seed, int count, int events, int perSecond) {
    Random random = new Random(seed);
    List<Kind> kinds = new ArrayList<>();
    while (kinds.size() < count) {
      boolean isShort = count - kinds.size() < DECK.size();
      List<Kind> deck = new ArrayList<>(isShort ? List.of(Kind.values()) : DECK);
      Collections.shuffle(deck, random);
      kinds.addAll(deck.subList(0, Math.min(deck.size(), count - kinds.size())));
    }
    double[] seconds = kinds.stream().mapToDouble(kind -> seconds(kind, random)).toArray();
    double spare = (double) events / perSecond - Arrays.stream(seconds).sum();
    double pause = Math.max(1, spare / (count + 1));
    List<Fault> faults = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < count; i++) {
      at += pause * (0.5 + random.nextDouble());
      double end = at + seconds[i];
      Part target = target(kinds.get(i), random);
      faults.add(new Fault(kinds.get(i), target, (int) (at * perSecond), (int) (end * perSecond)));
      at = end;
    }
    return faults;
  }

  private static double seconds(Kind kind, Random random) {
    double some = 0.2 + 3 * random.nextDouble();
    return switch (kind) {
      case FREEZE -> Cluster.SESSION_TIMEOUT.toSeconds() + 1 + some;
      case JOIN_AND_LEAVE, SLOW -> 4 + some;
      default -> some;
    };
  }

  private static Part target(Kind kind, Random random) {
    Part worker = WORKERS.get(random.nextInt(WORKERS.size()));
    return switch (kind) {
      case RESTART, DROP_CONNECTIONS, CUT_NETWORK -> Part.BROKER;
      case JOIN_AND_LEAVE -> Part.THIRD_EDGE;
      case SLOW -> random.nextBoolean() ? Part.EDGE : Part.OTHER_EDGE;
      default -> worker;
    };
  }
}
