package org.muniment.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.channels.FileChannel;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.muniment.archive.store.ArchiveException;

/// The rules of the house, on the classes of all three modules.
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.muniment");

  @Test
  void allThreeModulesAreLookedAt() {
    for (String module : new String[] {"archive", "indexer", "server"}) {
      assertThat(CLASSES.stream().map(JavaClass::getPackageName))
          .anyMatch(name -> name.startsWith("org.muniment." + module));
    }
  }

  @Test
  void theArchiveKnowsOnlyItself() {
    noClasses()
        .that()
        .resideInAPackage("org.muniment.archive..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.muniment.indexer..", "org.muniment.server..")
        .check(CLASSES);
  }

  @Test
  void theIndexerDoesNotKnowTheServer() {
    noClasses()
        .that()
        .resideInAPackage("org.muniment.indexer..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.muniment.server..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theVocabularyOfTheLogUsesNoOtherPackageOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("org.muniment.archive.event")
        .should()
        .dependOnClassesThat(ours("org.muniment.archive.event"))
        .check(CLASSES);
  }

  @Test
  void captureNeverCallsTheIndexerNorAWindowButForItsProgress() {
    noClasses()
        .that()
        .resideInAPackage("org.muniment.server.capture..")
        .and()
        .doNotHaveSimpleName("CatalogueProgress")
        .and()
        .doNotHaveSimpleName("CatalogueJournal")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.muniment.indexer..", "org.muniment.server.view..", "org.muniment.server.runtime..")
        .check(CLASSES);
  }

  @Test
  void accessIsBelowEveryWindow() {
    noClasses()
        .that()
        .resideInAnyPackage("org.muniment.server.access..", "org.muniment.server.config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.muniment.server.view..",
            "org.muniment.server.capture..",
            "org.muniment.server.publication..",
            "org.muniment.server.runtime..",
            "org.muniment.server.command..")
        .check(CLASSES);
  }

  @Test
  void noWindowTouchesAStoreOrWrites() {
    noClasses()
        .that()
        .resideInAPackage("org.muniment.server.view.*..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.muniment.archive.format..",
            "org.muniment.archive.log..",
            "org.muniment.indexer.index..",
            "org.muniment.server.capture..",
            "org.muniment.server.runtime..")
        .orShould()
        .dependOnClassesThat(storesAndNotTheirErrors())
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("org\\.muniment\\.archive\\.Archive(Writer)?")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("org\\.muniment\\.indexer\\.catalog\\.Catalogue(Writer|Follower)")
        .check(CLASSES);
  }

  @Test
  void onlyTheChildProcessKnowsTheReadersOfDocuments() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.muniment.indexer.extract.child")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.muniment.indexer.extract.child",
            "org.apache.tika..",
            "org.apache.poi..",
            "org.apache.pdfbox..")
        .check(CLASSES);
  }

  @Test
  void inTheArchiveOnlyTheStoreTouchesFileChannels() {
    noClasses()
        .that()
        .resideInAPackage("org.muniment.archive..")
        .and()
        .resideOutsideOfPackage("org.muniment.archive.store")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(FileChannel.class)
        .check(CLASSES);
  }

  @Test
  void noNameHidesThatItsIdeaIsNotClear() {
    classes()
        .should()
        .haveSimpleNameNotEndingWith("Manager")
        .andShould()
        .haveSimpleNameNotEndingWith("Helper")
        .andShould()
        .haveSimpleNameNotEndingWith("Util")
        .andShould()
        .haveSimpleNameNotEndingWith("Utils")
        .andShould()
        .haveSimpleNameNotEndingWith("Impl")
        .andShould()
        .haveSimpleNameNotStartingWith("Abstract")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      JavaPackage home = type.getPackage();
      if (!home.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(home.getName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  private static DescribedPredicate<JavaClass> storesAndNotTheirErrors() {
    return DescribedPredicate.describe(
        "are of the store and no errors",
        type ->
            type.getPackageName().equals("org.muniment.archive.store")
                && !type.isAssignableTo(ArchiveException.class));
  }

  private static DescribedPredicate<JavaClass> ours(String except) {
    return DescribedPredicate.describe(
        "are of another package of Muniment",
        type ->
            type.getPackageName().startsWith("org.muniment.")
                && !type.getPackageName().equals(except));
  }

  /// Every package is a slice of its own, wherever it lies.
  private static final class EachPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }
}
