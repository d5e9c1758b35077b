package io.dimee.deploy;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.djl.engine.Engine;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.dimee.cli.Dimee;
import io.dimee.console.KafkaOptions;
import io.dimee.console.LogSetup;
import io.dimee.console.TerminalWriter;
import io.dimee.inference.onnx.OnnxRuntime;
import io.dimee.inference.tokenizer.Djl;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.io.File;
import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/** Dependencies point one way, between modules and between the packages in them. */
@ArchTag("slow")
@AnalyzeClasses(packages = "io.dimee", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule MODULES =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("avro")
          .definedBy("io.dimee.avro..")
          .layer("serdes")
          .definedBy("io.dimee.serdes..")
          .layer("tables")
          .definedBy("io.dimee.tables..")
          .layer("inference")
          .definedBy("io.dimee.inference..")
          .layer("calibration")
          .definedBy("io.dimee.calibration..")
          .layer("training")
          .definedBy("io.dimee.training..")
          .layer("topology")
          .definedBy("io.dimee.topology..")
          .layer("client")
          .definedBy("io.dimee.client..")
          .layer("node")
          .definedBy("io.dimee.node..")
          .layer("broker")
          .definedBy("io.dimee.broker..")
          .layer("console")
          .definedBy("io.dimee.console..")
          .layer("cli")
          .definedBy("io.dimee.cli..")
          .layer("local")
          .definedBy("io.dimee.local..")
          .layer("analytics")
          .definedBy("io.dimee.analytics..")
          .layer("lab")
          .definedBy("io.dimee.lab..")
          .whereLayer("avro")
          .mayNotAccessAnyLayer()
          .whereLayer("serdes")
          .mayOnlyAccessLayers("avro")
          .whereLayer("tables")
          .mayNotAccessAnyLayer()
          .whereLayer("inference")
          .mayNotAccessAnyLayer()
          .whereLayer("calibration")
          .mayOnlyAccessLayers("inference", "tables")
          .whereLayer("training")
          .mayOnlyAccessLayers("calibration", "inference")
          .whereLayer("topology")
          .mayOnlyAccessLayers("inference", "serdes", "avro")
          .whereLayer("client")
          .mayOnlyAccessLayers("topology", "inference", "tables", "serdes", "avro")
          .whereLayer("node")
          .mayOnlyAccessLayers("client", "topology", "inference", "serdes", "avro")
          .whereLayer("broker")
          .mayOnlyAccessLayers("topology", "inference")
          .whereLayer("console")
          .mayOnlyAccessLayers("node", "client", "topology", "inference", "serdes", "avro")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("local")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("analytics")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("lab")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("broker")
          .mayOnlyBeAccessedByLayers("local", "lab")
          .whereLayer("training")
          .mayOnlyBeAccessedByLayers("lab")
          .whereLayer("calibration")
          .mayOnlyBeAccessedByLayers("training", "lab");

  @ArchTest
  static final ArchRule NO_PACKAGE_IS_IN_A_CYCLE =
      slices().matching("io.dimee.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule MODELS_KNOW_NO_KAFKA =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.dimee.inference..", "io.dimee.calibration..", "io.dimee.training..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..");

  @ArchTest
  static final ArchRule SERDES_KNOW_NO_ONNX =
      noClasses()
          .that()
          .resideInAPackage("io.dimee.serdes..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule CALIBRATION_NEEDS_NO_ENGINE =
      noClasses()
          .that()
          .resideInAPackage("io.dimee.calibration..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl.ndarray..", "ai.djl.nn..", "ai.djl.training..");

  @ArchTest
  static final ArchRule ONE_CLASS_KNOWS_THE_REGISTRYS_CLIENT =
      noClasses()
          .that()
          .haveNameNotMatching("io\\.dimee\\.serdes\\.ConfluentRegistry.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule NO_JAVA_OBJECT_IS_DESERIALIZED =
      noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

  /** Most commands trace nothing, and must not load it. */
  @ArchTest
  static final ArchRule ONE_CLASS_KNOWS_THE_SDK_OF_TRACES =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.dimee.node.tracing..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry.sdk..");

  @ArchTest
  static final ArchRule ONE_CLASS_LOADS_ONNX_RUNTIME =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(OnnxRuntime.class.getName())
          .should()
          .callMethod(OrtEnvironment.class, "getEnvironment")
          .orShould()
          .callConstructor(OrtSession.SessionOptions.class)
          .because("it would send telemetry");

  /** Kafka's clients try for a minute before they say that nobody is there, and not where. */
  @ArchTest
  static final ArchRule COMMANDS_THAT_END_ASK_FOR_A_BROKER_FIRST =
      noClasses()
          .that()
          .haveNameNotMatching(
              "io\\.dimee\\.(console\\.KafkaOptions|cli\\.(Tier|Ledger|Dashboard)Command)")
          .should()
          .callMethod(KafkaOptions.class, "settings");

  /**
   * A TerminalWriter makes one harmless line of every argument of printf and of what println gets;
   * what is printed piece by piece keeps its lines.
   */
  @ArchTest
  static final ArchRule NOTHING_IS_PRINTED_PIECE_BY_PIECE =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(TerminalWriter.class.getName())
          .should()
          .accessTargetWhere(
              DescribedPredicate.describe(
                  "print, write or append text of a PrintWriter or PrintStream",
                  access -> printsPieces(access.getTarget())));

  private static boolean printsPieces(AccessTarget target) {
    return (target.getOwner().isAssignableTo(PrintWriter.class)
            || target.getOwner().isAssignableTo(PrintStream.class))
        && target instanceof CodeUnitAccessTarget method
        && Set.of("print", "write", "append").contains(method.getName())
        && method.getRawParameterTypes().stream().anyMatch(type -> !type.isPrimitive());
  }

  /** Commands print to the writers that the command line gives them. */
  @ArchTest
  static final ArchRule ONE_CLASS_KNOWS_THE_STANDARD_STREAMS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Dimee.class.getName())
          .and()
          .doNotHaveFullyQualifiedName(LogSetup.class.getName())
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule ONE_CLASS_LOADS_DJL =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Djl.class.getName())
          .should()
          .callMethodWhere(
              target(owner(equivalentTo(HuggingFaceTokenizer.class)))
                  .and(target(nameMatching("newInstance|builder"))))
          .orShould()
          .accessField(TokenizersLibrary.class, "LIB")
          .orShould()
          .callMethodWhere(
              target(owner(equivalentTo(NDManager.class))).and(target(name("newBaseManager"))))
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Engine.class)
          .because("it would call home, and load code from a folder that others may write to");

  @ArchTest
  static final ArchRule TEMPORARY_FILES_GO_WITH_THE_PROCESS =
      noClasses()
          .should()
          .callMethod(Files.class, "createTempDirectory", String.class, FileAttribute[].class)
          .orShould()
          .callMethod(
              Files.class, "createTempFile", String.class, String.class, FileAttribute[].class)
          .orShould()
          .callMethod(File.class, "createTempFile", String.class, String.class)
          .because("TemporaryFiles.folder() is what the next process deletes");

  @ArchTest
  static final ArchRule NO_TRACER_IS_GLOBAL =
      noClasses().should().dependOnClassesThat().areAssignableTo(GlobalOpenTelemetry.class);
}
