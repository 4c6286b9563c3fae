package io.tandemmail.e2e;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;

/** What a disk has after a power loss, made from two looks at one folder. */
final class DataFolder {
  private DataFolder() {}

  /** While a process writes to it: each file as it is when its turn comes, as a disk has it too. */
  static void copy(Path from, Path to) throws IOException {
    copy(from, to, relative -> true);
  }

  /** Everything becomes as it was, and what was not there yet goes; only the flushed files stay as they are. */
  static void putBack(Path older, Path folder, Predicate<Path> flushed) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes is) {
            return flushed.test(folder.relativize(each))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException failed)
              throws IOException {
            try (var left = Files.list(each)) {
              if (left.findAny().isEmpty()) {
                Files.delete(each);
              }
            }
            return FileVisitResult.CONTINUE;
          }
        });
    copy(older, folder, relative -> !flushed.test(relative));
  }

  private static void copy(Path from, Path to, Predicate<Path> wanted) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes is)
              throws IOException {
            if (!wanted.test(from.relativize(each))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(each)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            try {
              Files.copy(
                  file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException goneMeanwhile) {
              // Then the disk does not have it either.
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException goneMeanwhile) {
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
