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
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.dimee.inference.Djl;
import io.dimee.inference.OnnxRuntime;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.io.File;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.attribute.FileAttribute;

/** Dependencies point one way: deploy, topology, models and serdes, avro. */
@AnalyzeClasses(packages = "io.dimee", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("avro")
          .definedBy("io.dimee.avro..")
          .layer("serdes")
          .definedBy("io.dimee.serdes..")
          .layer("inference")
          .definedBy("io.dimee.inference..")
          .layer("training")
          .definedBy("io.dimee.training..")
          .layer("topology")
          .definedBy("io.dimee.topology..")
          .layer("deploy")
          .definedBy("io.dimee.deploy..")
          .whereLayer("deploy")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("topology")
          .mayOnlyBeAccessedByLayers("deploy")
          .whereLayer("training")
          .mayOnlyBeAccessedByLayers("deploy")
          .whereLayer("inference")
          .mayOnlyBeAccessedByLayers("training", "topology", "deploy")
          .whereLayer("serdes")
          .mayOnlyBeAccessedByLayers("topology", "deploy")
          .whereLayer("avro")
          .mayOnlyBeAccessedByLayers("serdes", "topology", "deploy");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.dimee.(*.*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule MODELS_KNOW_NO_KAFKA =
      noClasses()
          .that()
          .resideInAnyPackage("io.dimee.inference..", "io.dimee.training..")
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

  /** The training libraries are on the class path of the train command only. */
  @ArchTest
  static final ArchRule ONLY_THE_TRAIN_COMMAND_TRAINS =
      noClasses()
          .that()
          .resideInAPackage("io.dimee.deploy..")
          .and()
          .resideOutsideOfPackage("io.dimee.deploy.training..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.dimee.training..");

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
          .resideOutsideOfPackage("io.dimee.deploy.tracing..")
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
