// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Quote } from "../lib/Quotes.sol";
import { CopyId } from "../lib/Types.sol";

/// @notice A minter's bond. Amounts are in units of the 6-decimal token.
/// @param bond Remaining bond.
/// @param reserved Penalties of all orders that are neither accepted nor refunded.
/// @param listed Whether the minter takes orders.
/// @param barred Whether the protocol has barred it.
struct Minter {
    uint96 bond;
    uint96 reserved;
    bool listed;
    bool barred;
}

/// @title Minters: accounts that fingerprint and deliver copies, backed by a bond.
/// @notice A minter promises nothing in general. It signs a *quote* for one order: fee, deadline and penalty. No bond is
/// at stake for work that its minter did not quote. An order reserves its penalty in the bond, so a minter never owes
/// more than its bond, and serves a quote once.
///
/// The protocol lists who is a minter: whoever has put up a bond and was not barred. The controller of a model names who
/// may mint it (`IModelRegistry.nameMinter`). Both affect later orders only.
///
/// A minter leaves in two steps. `resign` stops new orders and starts the thaw. `withdrawBond` returns the bond after the
/// thaw, once nothing of it is reserved. Until then the minter earns its cut of payments for the copies that it minted.
interface IMinterRegistry {
    /// @notice This account does not take orders.
    error MinterNotListed(address minter);

    /// @notice The protocol has barred this account.
    error MinterBarred(address minter);

    /// @notice The bond is lower than needed.
    error BondTooLow(uint256 bond, uint256 needed);

    /// @notice The minter did not sign this quote.
    error QuoteInvalid(address minter, bytes32 digest);

    /// @notice The quote has already served.
    error QuoteUsed(bytes32 digest, CopyId id);

    /// @notice The minter has not resigned.
    error NotLeaving(address account);

    /// @notice The bond is still thawing.
    error BondThawing(uint64 time, uint64 notBefore);

    /// @notice The bond cannot leave while penalties are reserved in it.
    error BondReserved(uint256 reserved);

    /// @notice Only the copy registry may call this.
    error NotCopyRegistry(address caller, address copyRegistry);

    /// @notice Only the protocol's owner may call this.
    error NotOwner(address caller, address owner);

    /// @notice A minter added to its bond.
    event BondAdded(address indexed minter, uint256 amount, uint256 bond);

    /// @notice The minter takes orders.
    event Joined(address indexed minter);

    /// @notice The minter takes no new orders.
    event Leaving(address indexed minter, uint64 notBefore);

    /// @notice The bond went back to the minter.
    event Left(address indexed minter, uint256 bond);

    /// @notice The protocol barred a minter, or allowed it again.
    event BarredSet(address indexed minter, bool barred);

    /// @notice A delivery was missed or rightly refused, and the buyer was credited the penalty.
    event Penalized(address indexed minter, address indexed buyer, uint256 amount, uint256 bond);

    /// @notice Adds to the caller's bond.
    /// @dev The caller must have approved this contract.
    function addBond(uint96 amount) external;

    /// @notice Lists the caller as a minter. Cancels `resign`.
    /// @dev Reverts unless the bond is at least the protocol's minimum.
    function join() external;

    /// @notice Stops new orders and starts the thaw of the bond. Open orders can still be delivered.
    function resign() external;

    /// @notice Sends the caller its bond, after the thaw and once nothing of it is reserved.
    function withdrawBond() external;

    /// @notice Bars an account from taking orders, or allows it again. Only the protocol's owner may call this. Open
    /// orders are not affected, and a barred minter may leave.
    function setBarred(address minter, bool barred) external;

    /// @notice Takes an order for this quote and reserves its penalty. Only the copy registry may call this.
    function take(CopyId id, Quote calldata quote, bytes calldata signature) external;

    /// @notice Frees the penalty of an order. Only the copy registry may call this.
    function release(address minter, uint64 penalty) external;

    /// @notice Credits the penalty of an order to its buyer. Only the copy registry may call this.
    function penalize(address minter, address buyer, uint64 penalty) external;

    /// @notice One minter, or all zeros if it does not exist.
    function minters(address minter) external view returns (Minter memory);

    /// @notice First second at which a resigned minter's bond may leave, in protocol time; 0 if it has not resigned.
    function leavesAt(address minter) external view returns (uint64);

    /// @notice EIP-712 digest of a quote. Minters may be smart-contract wallets (ERC-1271): the signature counts when
    /// the order is placed.
    function quoteDigest(Quote calldata quote) external view returns (bytes32);

    /// @notice Copy that was ordered with the quote of this digest; 0 if it has not served.
    function orderOf(bytes32 digest) external view returns (CopyId);
}
