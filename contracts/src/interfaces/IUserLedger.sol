// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Report } from "../lib/Receipts.sol";
import { CopyId } from "../lib/Types.sol";
import { Permit } from "./ICopyRegistry.sol";

/// @notice Money that a user has set aside for the host of one copy.
/// @param amount Amount that vouchers have not taken.
/// @param settledUnits Units for which the host was paid, by all reservations of the user.
/// @param settledAmount Amount that it was paid for them.
/// @param leavesAt First second, in protocol time, at which the amount may leave; 0 if the user has not asked for it.
/// @param number Number of the reservation, from 0. It grows when a reservation leaves.
struct Reservation {
    uint64 amount;
    uint64 settledUnits;
    uint64 settledAmount;
    uint40 leavesAt;
    uint24 number;
}

/// @notice A key that signs vouchers for a user, so that a browser needs no wallet for each of them.
/// @param expiresAt Last second, in protocol time, until which the key should sign.
/// @param maxAmount Most that a voucher of the key may state as its cumulative amount.
/// @param number Number of the reservation that the key was named for.
struct SessionKey {
    uint64 expiresAt;
    uint64 maxAmount;
    uint24 number;
}

/// @notice A voucher for one copy, as it is settled.
struct SignedVoucher {
    address user;
    uint64 cumulativeUnits;
    uint64 cumulativeAmount;
    bytes signature;
}

/// @title Users pay hosts: deposits, reservations, vouchers.
/// @notice A user deposits and *reserves* an amount for one copy's host. While it is served, it signs vouchers: all units
/// and all money so far. The host settles them. A host is paid only for units that it has reported (`IUsageLedger`), and
/// what it owes for these is paid first.
///
/// A voucher of U units and A in money can be settled in part: u of its units release A · u / U, rounded down, less what
/// was released before. Only the latest voucher counts, and settling it twice pays nothing. No units, no money.
///
/// Vouchers are signed by externally owned accounts, or by session keys that the user has named. A contract could take
/// back its word, so a contract names a key. A named key cannot be taken back: its vouchers count until the reservation
/// leaves, within its `maxAmount`.
///
/// A reservation that is asked back leaves after three epochs and a grace, so that the host can report and settle
/// first. Until then it pays vouchers. The request lapses an epoch later, so that none can be kept for the day on which
/// it hurts.
/// @dev The expiry of a key is a statement to the host, which should take no voucher of it afterwards. The chain cannot
/// know when a voucher was signed.
/// @dev Warning: a host must not serve on a reservation that is leaving.
interface IUserLedger {
    /// @notice The deposit does not cover the amount.
    error BalanceTooLow(address account, uint256 balance, uint256 needed);

    /// @notice No copy has this number.
    error CopyUnknown(CopyId copyId);

    /// @notice There is nothing to reserve or to settle.
    error AmountMissing();

    /// @notice The session key must not be zero.
    error KeyMissing();

    /// @notice The key must expire later than now.
    error KeyExpired(uint64 time, uint64 expiresAt);

    /// @notice A key's expiry and limit may only grow.
    error KeyNarrowed(address key, uint64 expiresAt, uint64 maxAmount);

    /// @notice Only the copy's host may settle.
    error NotHost(address caller, address host);

    /// @notice Neither the user nor a key that it named for this reservation signed the voucher.
    error VoucherInvalid(CopyId id, address user, address signer);

    /// @notice The voucher exceeds what its session key may promise.
    error VoucherAboveLimit(address key, uint64 cumulativeAmount, uint64 maxAmount);

    /// @notice The user has not asked for the reservation.
    error ReleaseNotRequested(CopyId id, address user);

    /// @notice The reservation cannot leave yet.
    error ReservationThawing(uint64 time, uint64 leavesAt);

    /// @notice The request has expired.
    error RequestLapsed(uint64 time, uint64 notAfter);

    /// @notice A user deposited money.
    event Deposited(address indexed user, address indexed payer, uint256 amount, uint256 balance);

    /// @notice An account took money out.
    event Withdrawn(address indexed account, uint256 amount, uint256 balance);

    /// @notice A user reserved money for a copy's host.
    event Reserved(CopyId indexed copyId, address indexed user, uint256 amount, uint256 reserved);

    /// @notice A user named a session key.
    event KeyNamed(
        CopyId indexed copyId, address indexed user, address indexed key, uint64 expiresAt, uint64 maxAmount
    );

    /// @notice A user asked for its reservation.
    event ReleaseRequested(CopyId indexed copyId, address indexed user, uint64 leavesAt);

    /// @notice A reservation went back to the user's deposit.
    event Released(CopyId indexed copyId, address indexed user, uint256 amount);

    /// @notice A voucher released an amount for a number of units.
    event Settled(CopyId indexed copyId, address indexed user, uint64 units, uint64 amount);

    /// @notice A host was paid for settled vouchers: `fees` for what it owed, `earned` to its own balance.
    event HostPaid(CopyId indexed copyId, address indexed host, uint256 units, uint256 fees, uint256 earned);

    /// @notice Adds to the caller's deposit.
    /// @dev The caller must have approved this contract.
    function deposit(uint64 amount) external;

    /// @notice Same as `deposit`, with a signed allowance (EIP-2612) instead of an approval.
    /// @dev A permit that was already used does not revert the deposit if the allowance suffices.
    function depositWithPermit(uint64 amount, Permit calldata permit) external;

    /// @notice Deposits for a user that signed an authorization to receive (EIP-3009). Anyone may call this.
    function depositWithAuthorization(
        address user,
        uint64 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Sends the caller part of its balance: what it deposited and has not reserved, and what it earned as a host.
    function withdraw(uint64 amount) external;

    /// @notice Reserves part of the caller's balance for the host of a copy. Takes back a request to leave.
    function reserve(CopyId id, uint64 amount) external;

    /// @notice Names a session key for the caller's reservation. Naming it again may extend it.
    /// @param maxAmount Most that the key's vouchers may state as their cumulative amount.
    function nameKey(CopyId id, address key, uint64 expiresAt, uint64 maxAmount) external;

    /// @notice Asks for the caller's reservation.
    function requestRelease(CopyId id) external;

    /// @notice Returns a reservation to the balance of its user. Anyone may call this, from `leavesAt` on and for one epoch.
    function release(CopyId id, address user) external returns (uint256 amount);

    /// @notice Settles vouchers of a copy, in this order, as far as reported units and reservations go. Only the host may
    /// call this. What it owes for reported units is paid first, and the rest is added to its balance.
    /// @return total Amount released.
    function settle(CopyId id, SignedVoucher[] calldata vouchers) external returns (uint256 total);

    /// @notice Files a report and settles vouchers of the same copy. Only the host may call this.
    function reportAndSettle(Report calldata filed, SignedVoucher[] calldata vouchers) external returns (uint256 total);

    /// @notice What an account may reserve or withdraw.
    function balanceOf(address account) external view returns (uint256);

    /// @notice One reservation, or all zeros if it does not exist.
    function reservations(CopyId id, address user) external view returns (Reservation memory);

    /// @notice One session key, or all zeros if it was not named.
    function sessionKeys(CopyId id, address user, address key) external view returns (SessionKey memory);

    /// @notice Units of the copy for which its host was paid.
    function settledUnits(CopyId id) external view returns (uint64);

    /// @notice EIP-712 digest of a voucher.
    function voucherDigest(CopyId id, address user, uint64 cumulativeUnits, uint64 cumulativeAmount)
        external
        view
        returns (bytes32);
}
