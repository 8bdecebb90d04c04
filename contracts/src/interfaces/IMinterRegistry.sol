// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What a minter offers, and what stands behind it. Money is in units of the 6-decimal token.
/// @param bond What is left of what the minter put up.
/// @param penalty What a buyer is paid out of the bond for each delivery that never came.
/// @param fee What a buyer pays the minter for a copy, beside the price.
/// @param window Seconds in which the minter promises to deliver; 0 while it takes no orders.
/// @param openOrders Orders that were neither delivered nor refunded.
struct Minter {
    uint96 bond;
    uint64 penalty;
    uint32 fee;
    uint32 window;
    uint32 openOrders;
}

/// @title Who fingerprints and delivers copies, at what fee and in what time, with a bond behind the promise.
/// @notice Each open order reserves its penalty in the bond, so a minter never owes more than it has put up. A minter
/// leaves in two steps: it takes no orders from the first on, and the bond leaves after the thaw, when no order is open.
interface IMinterRegistry {
    /// @notice This account takes no orders.
    error MinterNotAllowed(address minter);

    /// @notice The bond does not cover this.
    error BondTooLow(uint256 bond, uint256 needed);

    /// @notice The promised time is nothing, or longer than the protocol allows.
    error PromiseOutOfRange(uint64 window, uint64 maxWindow);

    /// @notice The penalty is less than the protocol asks for.
    error PenaltyTooLow(uint64 penalty, uint64 needed);

    /// @notice A penalty cannot be lowered while orders that count on it are open.
    error PenaltyPromised(uint64 penalty, uint64 promised, uint32 openOrders);

    /// @notice The minter has not said that it leaves.
    error NotLeaving(address minter);

    /// @notice The bond leaves later.
    error BondThawing(uint64 time, uint64 notBefore);

    /// @notice The bond waits for these orders to be delivered or refunded.
    error OrdersOpen(uint32 openOrders);

    /// @notice Only the copy registry reports orders.
    error NotCopyRegistry(address caller, address copyRegistry);

    /// @notice A minter put up more.
    event BondAdded(address indexed minter, uint256 amount, uint256 bond);

    /// @notice What new orders with this minter are promised.
    event OfferSet(address indexed minter, uint32 fee, uint32 window, uint64 penalty);

    /// @notice The minter takes no orders any more.
    event Leaving(address indexed minter, uint64 notBefore);

    /// @notice The bond went back to the minter.
    event Left(address indexed minter, uint256 bond);

    /// @notice A delivery never came, and the buyer was paid for it.
    event Penalized(address indexed minter, address indexed buyer, uint256 amount, uint256 bond);

    /// @notice Puts up more, out of the caller's pocket.
    /// @dev The caller must have approved this contract.
    function addBond(uint96 amount) external;

    /// @notice Offers to mint from now on, or changes the offer for new orders. Calls off `resign`.
    /// @dev Reverts unless the bond is at least the protocol's minimum.
    /// @param fee What a copy costs beside its price.
    /// @param window Seconds in which each order will be delivered.
    /// @param penalty What each failure to do so pays the buyer. Not lowered while orders are open.
    function setOffer(uint32 fee, uint32 window, uint64 penalty) external;

    /// @notice Takes no orders any more, and starts the thaw of the bond. Open orders can still be delivered.
    function resign() external;

    /// @notice After the thaw, with no order open, sends the bond back to the minter. Anyone may call.
    function withdrawBond(address minter) external;

    /// @notice An order names this minter: reserves its penalty.
    /// @return fee What the buyer pays the minter.
    /// @return window Seconds in which it must be delivered.
    function take(address minter) external returns (uint32 fee, uint32 window);

    /// @notice An order was delivered: its penalty is free again.
    function release(address minter) external;

    /// @notice An order was refunded: pays the buyer the penalty.
    /// @return amount What was paid.
    function penalize(address minter, address buyer) external returns (uint256 amount);

    /// @notice One minter; all zeros where there is none.
    function minters(address minter) external view returns (Minter memory);

    /// @notice When a leaving minter's bond may leave, in protocol time; 0 where it stays.
    function leavesAt(address minter) external view returns (uint64);
}
