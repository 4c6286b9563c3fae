package io.tandemmail.worker.delivery;

import io.tandemmail.smtp.MailTransaction;

/** A delivery that may begin now: the gate said send, its rate is granted, a permit is held, its partition counts it as begun. */
record Attempt(Delivery delivery, MailTransaction mail) {}
