package io.nfspawn.transport.fabric;

import java.util.Arrays;

/** A stack of numbers that are free, without an object for each. Not thread-safe. */
final class Numbers {
  private int[] numbers = new int[64];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void push(int number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    numbers[size++] = number;
  }

  /** The number on top; there must be one. */
  int peek() {
    return numbers[size - 1];
  }

  /** Takes the number on top; there must be one. */
  int pop() {
    return numbers[--size];
  }
}
