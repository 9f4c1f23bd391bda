package io.inferometer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The stack of packages: each knows only those above it in the list parser, snapshot, spi, collect, fleet, saturation, front door. */
@AnalyzeClasses(packages = "io.inferometer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule each_package_knows_only_those_above_it = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("parser")
            .definedBy("io.inferometer.parser")
            .layer("snapshot")
            .definedBy("io.inferometer.snapshot")
            .layer("spi")
            .definedBy("io.inferometer.spi")
            .layer("collect")
            .definedBy("io.inferometer.collect")
            .layer("fleet")
            .definedBy("io.inferometer.fleet")
            .layer("saturation")
            .definedBy("io.inferometer.saturation")
            .layer("front door")
            .definedBy("io.inferometer")
            .whereLayer("parser")
            .mayNotAccessAnyLayer()
            .whereLayer("snapshot")
            .mayOnlyAccessLayers("parser")
            .whereLayer("spi")
            .mayOnlyAccessLayers("parser", "snapshot")
            .whereLayer("collect")
            .mayOnlyAccessLayers("parser", "snapshot", "spi")
            .whereLayer("fleet")
            .mayOnlyAccessLayers("parser", "snapshot", "spi", "collect")
            .whereLayer("saturation")
            .mayOnlyAccessLayers("parser", "snapshot", "spi", "collect", "fleet")
            .whereLayer("front door")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule there_are_no_cycles =
            slices().matching("io.inferometer.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobody_uses_the_collectors_of_streams =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.util.stream.Collectors");

    @ArchTest
    static final ArchRule core_knows_nothing_but_its_few_dependencies = ArchRuleDefinition.classes()
            .should()
            .onlyDependOnClassesThat(
                    DescribedPredicate.describe("are of core's dependencies", ArchitectureTest::allowed));

    @ArchTest
    static final ArchRule the_parser_knows_only_okio_and_java = noClasses()
            .that()
            .resideInAPackage("io.inferometer.parser")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("okhttp3..", "org.slf4j..", "com.fasterxml..");

    @ArchTest
    static final ArchRule values_do_not_know_the_network = noClasses()
            .that()
            .resideInAnyPackage("io.inferometer.snapshot", "io.inferometer.spi")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("okhttp3..", "org.slf4j..");

    private static boolean allowed(JavaClass dependency) {
        JavaClass type = dependency.getBaseComponentType();
        String name = type.getPackageName();
        return type.isPrimitive()
                || name.startsWith("java.")
                || name.startsWith("javax.net.ssl")
                || name.equals("io.inferometer")
                || name.startsWith("io.inferometer.")
                || name.equals("okhttp3")
                || name.equals("okio")
                || name.startsWith("kotlin") // What okhttp's and okio's signatures are made of.
                || name.equals("org.slf4j")
                || name.equals("com.fasterxml.jackson.annotation")
                || name.equals("org.jspecify.annotations");
    }
}
