package io.tandemmail.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveTest {
  private final Live<Integer> number = Live.of(2);

  @Test
  void whatIsDerivedFollows() {
    Live<Integer> square = number.map(n -> n * n);
    Live<String> text = square.map(n -> "is " + n);
    number.set(3);
    assertThat(text.get()).isEqualTo("is 9");
  }

  @Test
  void ifOneCannotBeMadeAllStayAsTheyAre() {
    List<Integer> told = new ArrayList<>();
    Live<Integer> first = number.map(n -> n + 1);
    Live<Integer> inverse = number.map(n -> 12 / n);
    Live<Integer> last = inverse.map(n -> n + 1);
    number.onChange(told::add);

    assertThatThrownBy(() -> number.set(0)).isInstanceOf(ArithmeticException.class);

    assertThat(List.of(number.get(), first.get(), inverse.get(), last.get()))
        .containsExactly(2, 3, 6, 7);
    assertThat(told).isEmpty();
  }

  @Test
  void whoIsToldSeesAllInPlace() {
    Live<Integer> square = number.map(n -> n * n);
    List<Integer> seen = new ArrayList<>();
    number.onChange(n -> seen.add(square.get()));
    number.set(5);
    assertThat(seen).containsExactly(25);
  }
}
