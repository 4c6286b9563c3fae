package io.tandemmail.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value that follows the configuration. What is derived from it by {@link #map} is made anew before anything is replaced:
 * if one of them cannot be made, all stay as they are.
 */
public final class Live<T> implements Supplier<T> {
  private final List<Follower<T>> followers = new CopyOnWriteArrayList<>();
  private final List<Consumer<? super T>> listeners = new CopyOnWriteArrayList<>();
  private volatile T value;

  private Live(T value) {
    this.value = value;
  }

  /** Made anew from the next value; what it answers puts the result in place. */
  private interface Follower<T> {
    Runnable prepare(T next);
  }

  public static <T> Live<T> of(T value) {
    return new Live<>(value);
  }

  @Override
  public T get() {
    return value;
  }

  /**
   * A value derived from this one, kept in step with it.
   *
   * @param derive throws what {@link #set} then throws, with nothing replaced
   */
  public synchronized <U> Live<U> map(Function<? super T, ? extends U> derive) {
    Live<U> derived = new Live<>(derive.apply(value));
    followers.add(next -> derived.prepare(derive.apply(next)));
    return derived;
  }

  /** Told of each new value after it is in place everywhere. */
  public void onChange(Consumer<? super T> listener) {
    listeners.add(listener);
  }

  /** Replaces the value and all that is derived from it, or throws what kept one from being made. */
  public synchronized void set(T next) {
    prepare(next).run();
  }

  private Runnable prepare(T next) {
    List<Runnable> derived = new ArrayList<>();
    followers.forEach(follower -> derived.add(follower.prepare(next)));
    return () -> {
      value = next;
      derived.forEach(Runnable::run);
      listeners.forEach(listener -> listener.accept(next));
    };
  }
}
