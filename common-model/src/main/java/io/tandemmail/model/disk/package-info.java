/**
 * Whether the brokers have room for new mail.
 *
 * <p>In: what the brokers say of their disks, and the free space that has to be left. Out: {@link
 * io.tandemmail.model.disk.DiskGate}, open or closed and why. A broker whose disk is full gives up its log folder, and with it
 * mail that is on its way; mail that was taken needs room for its lanes, returns and outcomes. So new mail is refused before
 * the disk is full. A broker that says nothing has no say.
 */
@PureCore
@NullMarked
package io.tandemmail.model.disk;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
