/**
 * Which settings of Kafka's clients, topics and brokers break a promise of docs/rules.md, and what to do about each.
 *
 * <p>In: settings as text, as they were read. Out: findings. Kafka obeys an unsafe setting without a word and the mail is
 * missed weeks later, so a service asks here before it moves any. What cannot be read is no finding: silence of a broker
 * says nothing about it. Values Kafka itself refuses as no number are left to it.
 */
@PureCore
@NullMarked
package io.tandemmail.model.safety;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
