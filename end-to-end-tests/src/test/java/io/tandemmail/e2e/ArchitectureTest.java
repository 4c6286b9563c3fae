package io.tandemmail.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tandemmail.model.PureCore;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The dependency rules of ARCHITECTURE.md. The floor keeps a rule from passing because it saw nothing. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // Those of another module come as a jar.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.tandemmail");

  private static final DescribedPredicate<JavaClass> PURE =
      DescribedPredicate.describe(
          "in a @PureCore package", type -> type.getPackage().isAnnotatedWith(PureCore.class));

  @Test
  void theRulesSeeTheWholeSystem() {
    assertThat(CLASSES).hasSizeGreaterThan(180);
    assertThat(CLASSES.stream().filter(PURE)).hasSizeGreaterThan(70);
  }

  @Test
  void pureCodeKnowsNoKafkaNoMailNoLogNoNetworkNoThreads() {
    noClasses()
        .that(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "jakarta.mail..",
            "org.slf4j..",
            "java.net..",
            "java.util.concurrent..",
            "io.javalin..",
            "io.micrometer..")
        .check(CLASSES);
  }

  /** A jump of the machine's clock would end mail early, or have it wait. */
  @Test
  void servicesHaveASteadyClock() {
    String[] services = {
      "io.tandemmail.ingest..",
      "io.tandemmail.router..",
      "io.tandemmail.worker..",
      "io.tandemmail.console.."
    };
    noClasses()
        .that()
        .resideInAnyPackage(services)
        .should()
        .callMethod(Instant.class, "now")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(services)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void pureCodeHasNoClockAndNoChance() {
    noClasses().that(PURE).should().callMethod(System.class, "currentTimeMillis").check(CLASSES);
    noClasses().that(PURE).should().callMethod(System.class, "nanoTime").check(CLASSES);
    noClasses().that(PURE).should().callMethod(Instant.class, "now").check(CLASSES);
    noClasses()
        .that(PURE)
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .check(CLASSES);
    noClasses()
        .that(PURE)
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .check(CLASSES);
  }

  @Test
  void servicesDoNotKnowEachOther() {
    String[] services = {"ingest", "router", "worker", "console"};
    for (String service : services) {
      for (String other : services) {
        if (!service.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("io.tandemmail." + service + "..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("io.tandemmail." + other + "..")
              .check(CLASSES);
        }
      }
    }
  }

  @Test
  void theModelKnowsNobodyAndNothingKnowsTheLauncher() {
    classes()
        .that()
        .resideInAPackage("io.tandemmail.model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.tandemmail.model..",
            "java..",
            "com.fasterxml.jackson..",
            "org.jspecify..",
            "org.snakeyaml..",
            "com.sanctionco..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.tandemmail.standalone..", "io.tandemmail.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.tandemmail.standalone..")
        .check(CLASSES);
  }

  @Test
  void theSmtpClientKnowsNothingOfThePipeline() {
    classes()
        .that()
        .resideInAPackage("io.tandemmail.smtp..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.tandemmail.smtp..",
            "io.tandemmail.model",
            "io.tandemmail.model.settings..",
            "java..",
            "javax..",
            "jdk.net..",
            "jakarta.mail..",
            "org.slf4j..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void askingServersAndTheDnsKnowsNoKafkaAndNoService() {
    classes()
        .that()
        .resideInAPackage("io.tandemmail.parity..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.tandemmail.parity..",
            "io.tandemmail.model..",
            "io.tandemmail.smtp..",
            "org.xbill.DNS..",
            "java..",
            "javax.security..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void whatServersReadKnowsNobody() {
    classes()
        .that()
        .resideInAPackage("io.tandemmail.smtp.server..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.tandemmail.smtp.server..", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void theSubmissionDialogueKnowsNoSocketsAndNoAcceptance() {
    noClasses()
        .that()
        .resideInAPackage("io.tandemmail.ingest.dialogue..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.tandemmail.ingest.accept..",
            "io.tandemmail.ingest.smtp..",
            "io.tandemmail.ingest.reports..",
            "io.tandemmail.runtime..")
        .check(CLASSES);
  }

  @Test
  void onlyThePolicyReadsReplyCodesIntoOutcomes() {
    noClasses()
        .that()
        .resideInAPackage("io.tandemmail.smtp..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.tandemmail.worker.policy..", "io.tandemmail.model.outcome..")
        .check(CLASSES);
  }

  @Test
  void namesSaySomething() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Info)$")
        .check(CLASSES);
  }
}
