// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title Where every payment goes, and who is owed what of it.
/// @notice A payment is cut for protocol, prover pool and minter (each rounded down); the rest is the model's. Of the
/// rest each parent's edge accrues its royalty, and the shares earn what remains.
///
/// Nothing is ever lost or created: all that is owed is kept in fractions that divide evenly, so that the token
/// balance equals, to the unit, the sum of
///   1. credits of accounts (cuts),
///   2. what accrued on edges and has not flowed,
///   3. what shares earned and has not been claimed.
/// What a model receives fits into 80 bits, 1.2 × 10^18 USDC: a payment beyond that reverts.
/// Payments out are rounded down to whole units, and the fraction stays owed.
/// @dev Warning: the token must move exactly the amount that it is told to, as USDC does.
interface ITreasury {
    /// @notice No model has this number.
    error ModelUnknown(ModelId id);

    /// @notice A payment names the minter who earns the infrastructure cut; it cannot be nobody, nor the treasury.
    error MinterInvalid(address minter);

    /// @notice Only the model's shares may settle their holders.
    error NotShares(address caller, address shares);

    /// @notice The cuts together are above the cap.
    error CutsAboveCap(uint256 totalBps, uint256 capBps);

    /// @notice A credit needs an account other than the treasury itself.
    error AccountInvalid(address account);

    /// @notice Money came in for a model and was split.
    event Paid(
        ModelId indexed id,
        address indexed payer,
        uint256 amount,
        uint256 protocolCut,
        uint256 proverCut,
        uint256 minterCut,
        address minter
    );

    /// @notice An account was credited outside of any split: a minter's fee, a challenger's reward, a bond.
    event Credited(address indexed account, address indexed payer, uint256 amount);

    /// @notice What had accrued on an edge reached the parent, where it split in turn.
    event Flowed(ModelId indexed child, ModelId indexed parent, uint256 amount);

    /// @notice A holder was paid what its shares of the model earned.
    event Claimed(ModelId indexed id, address indexed account, uint256 amount);

    /// @notice An account was paid its cuts.
    event CreditClaimed(address indexed account, uint256 amount);

    /// @notice Pays `amount` for a model: pulls it from the caller and splits it. O(1), however large the family.
    /// @dev The caller must have approved this contract.
    function pay(ModelId id, uint256 amount, address minter) external;

    /// @notice Credits `amount` to one account: pulls it from the caller. The account claims it when it likes, so that no
    /// receiver can block who pays.
    /// @dev The caller must have approved this contract.
    function payAccount(address account, uint256 amount) external;

    /// @notice Moves what has accrued on an edge into the parent. Anyone may; with nothing to move, nothing happens.
    /// @return amount Whole units moved; the fraction stays on the edge.
    function flow(ModelId child, ModelId parent) external returns (uint256 amount);

    /// @notice Pays an account what its shares of the model earned. Anyone may call; the money goes to the account.
    /// @return amount Whole units paid; the fraction stays owed. 0 is no error, so that no batch can be broken.
    function claim(ModelId id, address account) external returns (uint256 amount);

    /// @notice Pays an account the cuts credited to it. Anyone may call; the money goes to the account.
    function claimCredit(address account) external returns (uint256 amount);

    /// @notice Shares are about to move between two accounts: fixes what each has earned so far.
    /// @dev Only the model's shares call this, before balances change.
    function settle(ModelId id, address from, address to) external;

    /// @notice What `claim` would pay.
    function claimable(ModelId id, address account) external view returns (uint256);

    /// @notice What `flow` would move.
    function edgeAccrued(ModelId child, ModelId parent) external view returns (uint256);

    /// @notice What `claimCredit` would pay.
    function credit(address account) external view returns (uint256);

    /// @notice Everything the model ever received after cuts, its children's royalties included.
    function received(ModelId id) external view returns (uint256);

    /// @notice The parts of each payment that are not the model's, in basis points. Fixed for ever.
    function cuts() external view returns (uint16 protocolBps, uint16 proverBps, uint16 minterBps);

    /// @notice Who is credited the protocol's cut.
    function protocolAccount() external view returns (address);

    /// @notice Who is credited the provers' cut.
    function proverPool() external view returns (address);
}
