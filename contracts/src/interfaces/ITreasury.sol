// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title The treasury: splits every payment and records the amounts owed.
/// @notice A payment is cut for protocol, prover pool and minter, each rounded down. The model receives the rest. Each
/// parent's edge accrues its royalty of that rest, and the shares earn what remains.
///
/// No money is lost or created. All debts are kept in fractions that divide evenly, so that the token balance equals,
/// to the unit, the sum of
///   1. the credits of accounts (cuts),
///   2. the amounts accrued on edges that have not flowed,
///   3. the earnings of shares that have not been claimed.
/// The total received by a model fits into 80 bits, 1.2 × 10^18 USDC. A payment beyond that reverts. Payouts are
/// rounded down to whole units, and the fraction stays owed.
/// @dev Warning: the token must transfer exactly the requested amount, as USDC does.
interface ITreasury {
    /// @notice No model has this number.
    error ModelUnknown(ModelId id);

    /// @notice The minter who earns the infrastructure cut must not be zero or the treasury.
    error MinterInvalid(address minter);

    /// @notice Only the model's shares may call this.
    error NotShares(address caller, address shares);

    /// @notice The cuts together exceed the cap.
    error CutsAboveCap(uint256 totalBps, uint256 capBps);

    /// @notice A credited account must not be zero or the treasury.
    error AccountInvalid(address account);

    /// @notice A payment for a model was received and split.
    event Paid(
        ModelId indexed id,
        address indexed payer,
        uint256 amount,
        uint256 protocolCut,
        uint256 proverCut,
        uint256 minterCut,
        address minter
    );

    /// @notice An account was credited without a split: a minter's fee, a challenger's reward, a bond.
    event Credited(address indexed account, address indexed payer, uint256 amount);

    /// @notice The amount accrued on an edge was moved to the parent, where it is split in turn.
    event Flowed(ModelId indexed child, ModelId indexed parent, uint256 amount);

    /// @notice A holder was paid the earnings of its shares of the model.
    event Claimed(ModelId indexed id, address indexed account, uint256 amount);

    /// @notice An account was paid its credit.
    event CreditClaimed(address indexed account, uint256 amount);

    /// @notice Pulls `amount` from the caller and splits it as a payment for a model. O(1), regardless of the size of
    /// the family.
    /// @dev The caller must have approved this contract.
    function pay(ModelId id, uint256 amount, address minter) external;

    /// @notice Pulls `amount` from the caller and credits it to one account. The account claims it separately, so a
    /// blocked receiver cannot block the payer.
    /// @dev The caller must have approved this contract.
    function payAccount(address account, uint256 amount) external;

    /// @notice Moves the amount accrued on an edge to the parent. Anyone may call this. If nothing has accrued, nothing
    /// happens.
    /// @return amount Whole units moved. The fraction stays on the edge.
    function flow(ModelId child, ModelId parent) external returns (uint256 amount);

    /// @notice Pays an account the earnings of its shares of the model. Anyone may call this; the money goes to the
    /// account.
    /// @return amount Whole units paid. The fraction stays owed. If nothing is owed, returns 0 instead of reverting, so
    /// that a batch cannot be broken.
    function claim(ModelId id, address account) external returns (uint256 amount);

    /// @notice Pays an account its credit. Anyone may call this; the money goes to the account.
    function claimCredit(address account) external returns (uint256 amount);

    /// @notice Records the earnings of both accounts before shares move between them.
    /// @dev Only the model's shares may call this, before balances change.
    function settle(ModelId id, address from, address to) external;

    /// @notice Amount that `claim` would pay.
    function claimable(ModelId id, address account) external view returns (uint256);

    /// @notice Amount that `flow` would move.
    function edgeAccrued(ModelId child, ModelId parent) external view returns (uint256);

    /// @notice Amount that `claimCredit` would pay.
    function credit(address account) external view returns (uint256);

    /// @notice Total received by the model after cuts, including royalties from its children.
    function received(ModelId id) external view returns (uint256);

    /// @notice The cuts of each payment, in basis points. They never change.
    function cuts() external view returns (uint16 protocolBps, uint16 proverBps, uint16 minterBps);

    /// @notice Account that is credited the protocol's cut.
    function protocolAccount() external view returns (address);

    /// @notice Account that is credited the provers' cut.
    function proverPool() external view returns (address);
}
