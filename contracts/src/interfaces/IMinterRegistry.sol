// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice A minter's offer and bond. Amounts are in units of the 6-decimal token.
/// @param bond Remaining bond.
/// @param penalty Amount paid to the buyer out of the bond for each missed delivery.
/// @param fee Amount that a buyer pays the minter for a copy, on top of the price.
/// @param window Seconds within which the minter promises to deliver; 0 while it takes no orders.
/// @param openOrders Number of orders that are neither delivered nor refunded.
struct Minter {
    uint96 bond;
    uint64 penalty;
    uint32 fee;
    uint32 window;
    uint32 openOrders;
}

/// @title Minters: accounts that fingerprint and deliver copies, for a fee, within a promised time, backed by a bond.
/// @notice Each open order reserves its penalty in the bond, so a minter never owes more than its bond. A minter leaves
/// in two steps. `resign` stops new orders and starts the thaw. `withdrawBond` returns the bond after the thaw, once no
/// order is open. Until then the minter earns its cut of payments for the copies that it minted.
interface IMinterRegistry {
    /// @notice This account does not take orders.
    error MinterNotAllowed(address minter);

    /// @notice The bond is lower than needed.
    error BondTooLow(uint256 bond, uint256 needed);

    /// @notice The promised time must be above zero and at most the protocol's deliver window.
    error PromiseOutOfRange(uint64 window, uint64 maxWindow);

    /// @notice The penalty is below the protocol's minimum.
    error PenaltyTooLow(uint64 penalty, uint64 needed);

    /// @notice The penalty cannot be lowered while orders are open.
    error PenaltyPromised(uint64 penalty, uint64 promised, uint32 openOrders);

    /// @notice The minter has not resigned.
    error NotLeaving(address account);

    /// @notice The bond is still thawing.
    error BondThawing(uint64 time, uint64 notBefore);

    /// @notice The bond cannot leave while orders are open.
    error OrdersOpen(uint32 openOrders);

    /// @notice Only the copy registry may call this.
    error NotCopyRegistry(address caller, address copyRegistry);

    /// @notice A minter added to its bond.
    event BondAdded(address indexed minter, uint256 amount, uint256 bond);

    /// @notice A minter set its offer for new orders.
    event OfferSet(address indexed minter, uint32 fee, uint32 window, uint64 penalty);

    /// @notice The minter resigned and takes no new orders.
    event Leaving(address indexed minter, uint64 notBefore);

    /// @notice The bond went back to the minter.
    event Left(address indexed minter, uint256 bond);

    /// @notice A delivery was missed, and the buyer was paid the penalty.
    event Penalized(address indexed minter, address indexed buyer, uint256 amount, uint256 bond);

    /// @notice Adds to the caller's bond.
    /// @dev The caller must have approved this contract.
    function addBond(uint96 amount) external;

    /// @notice Sets the offer for new orders. Cancels `resign`.
    /// @dev Reverts unless the bond is at least the protocol's minimum.
    /// @param fee Amount that a buyer pays on top of the price.
    /// @param window Seconds within which each order will be delivered.
    /// @param penalty Amount paid to the buyer for each missed delivery. It cannot be lowered while orders are open.
    function setOffer(uint32 fee, uint32 window, uint64 penalty) external;

    /// @notice Stops new orders and starts the thaw of the bond. Open orders can still be delivered.
    function resign() external;

    /// @notice Sends the bond to the minter, after the thaw and once no order is open. Anyone may call this.
    function withdrawBond(address minter) external;

    /// @notice Takes an order for this minter and reserves its penalty. Only the copy registry may call this.
    /// @return fee Amount that the buyer pays the minter.
    /// @return window Seconds within which the order must be delivered.
    function take(address minter) external returns (uint32 fee, uint32 window);

    /// @notice Frees the penalty of a delivered order. Only the copy registry may call this.
    function release(address minter) external;

    /// @notice Pays the penalty of a refunded order to its buyer. Only the copy registry may call this.
    /// @return amount Amount paid.
    function penalize(address minter, address buyer) external returns (uint256 amount);

    /// @notice One minter, or all zeros if it does not exist.
    function minters(address minter) external view returns (Minter memory);

    /// @notice First second at which a resigned minter's bond may leave, in protocol time; 0 if it has not resigned.
    function leavesAt(address minter) external view returns (uint64);
}
