/** Who is there: each service says so on {@code mail.services} every few seconds and takes it back when it leaves. */
@NullMarked
package io.tandemmail.runtime.presence;

import org.jspecify.annotations.NullMarked;
