// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";
import { Ancestor } from "./IModelRegistry.sol";

/// @notice What the shareholders of one model earn, in ten-thousandths of a unit of the token, so that royalties in
/// basis points never leave a remainder. A payment in one epoch accrues evenly over the next.
/// @param accrued Amount accrued before `epoch` began.
/// @param streaming Amount that accrues during `epoch`.
/// @param pending Amount paid during `epoch`, which accrues during the next.
/// @param lineage One more than the number of ancestors of the lineage, once a payment has looked them up; 0 before.
/// @param entered Number of ancestors that a court has entered.
struct Earnings {
    uint88 accrued;
    uint64 streaming;
    uint64 pending;
    uint24 epoch;
    uint8 lineage;
    uint8 entered;
}

/// @title The treasury: splits every payment at once and records the amounts owed.
/// @notice Each payment is cut for protocol, prover pool and minter, each rounded down. Of the rest, every ancestor of
/// the model's lineage earns its royalty, and the model's shareholders earn what is left. The cuts are parameters of
/// the protocol, so a change counts from the next epoch on.
///
/// Ancestors that a court has entered (`IOrigins`), at most four, are paid from the shareholders' part. If they ask more than
/// all of it, they divide it in proportion to their royalties, each part rounded down to a ten-thousandth of a unit, and the
/// shareholders earn the remainder.
///
/// What shareholders earn in one epoch accrues evenly over the next one, in protocol time, to whoever holds the shares
/// meanwhile. A share therefore earns exactly its part of what accrued while it was held. Shares that are held for the
/// moment of a payment earn nothing.
///
/// No money is lost or created. All debts are kept in fractions that divide evenly, so that the token balance equals,
/// to the unit, the sum of
///   1. the credits of accounts (cuts),
///   2. what shareholders earned and did not claim,
///   3. what has yet to accrue.
/// Of what the shareholders of one model earn in an epoch, 1.8 × 10^9 USDC are spread over the next. What exceeds that
/// accrues at once, so that no payment fails for its size. Payouts are rounded down to whole units, and the fraction
/// stays owed.
/// @dev Warning: the token must transfer exactly the requested amount, as USDC does.
interface ITreasury {
    /// @notice Only the minter registry may call this.
    error NotMinterRegistry(address caller, address minterRegistry);

    /// @notice Only the contract for origins may call this.
    error NotOrigins(address caller, address origins);

    /// @notice Only the model's shares may call this.
    error NotShares(address caller, address shares);

    /// @notice A credited account must not be zero or the treasury.
    error AccountInvalid(address account);

    /// @notice A payment for a model was received and split. Ancestors and shareholders earn the rest by the model's
    /// lineage (`IModelRegistry.lineage`).
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

    /// @notice A holder was paid the earnings of its shares of the model.
    event Claimed(ModelId indexed id, address indexed account, uint256 amount);

    /// @notice An account was paid its credit.
    event CreditClaimed(address indexed account, uint256 amount);

    /// @notice Pulls `amount` from the caller and splits it as a payment for a model.
    /// @dev The caller must have approved this contract. The cost grows with the ancestors that earn, at most 20.
    /// @param minter Account that earns the minter's cut. If it is not a minter (any more), the prover pool earns it.
    function pay(ModelId id, uint256 amount, address minter) external;

    /// @notice Pulls `amount` from the caller and credits it to one account. The account claims it separately, so a
    /// blocked receiver cannot block the payer.
    /// @dev The caller must have approved this contract.
    function payAccount(address account, uint256 amount) external;

    /// @notice Pays an account the earnings of its shares of the model. Anyone may call this; the money goes to the
    /// account.
    /// @return amount Whole units paid. The fraction stays owed. If nothing is owed, returns 0 instead of reverting, so
    /// that a batch cannot be broken.
    function claim(ModelId id, address account) external returns (uint256 amount);

    /// @notice Pays an account its credit. Anyone may call this; the money goes to the account.
    function claimCredit(address account) external returns (uint256 amount);

    /// @notice Records whether an account is a minter: only then does it earn the minter's cut of payments for the copies
    /// that it minted.
    /// @dev Only the minter registry may call this, when a minter joins and when its bond has left.
    function setMinter(address account, bool isMinter) external;

    /// @notice Sets the ancestors that earn beside the model's lineage from now on, at most four.
    /// @dev Only the contract for origins may call this.
    function setEntered(ModelId id, Ancestor[] calldata ancestors) external;

    /// @notice Records the earnings of both accounts before shares move between them.
    /// @dev Only the model's shares may call this, before balances change.
    function settle(ModelId id, address from, address to) external;

    /// @notice Amount that `claim` would pay.
    function claimable(ModelId id, address account) external view returns (uint256);

    /// @notice Amount that `claimCredit` would pay.
    function credit(address account) external view returns (uint256);

    /// @notice Ancestors that earn from the model beside its lineage, at most four.
    function entered(ModelId id) external view returns (Ancestor[] memory);

    /// @notice Whether the account earns the minter's cut.
    function isMinter(address account) external view returns (bool);

    /// @notice Total that the model's shareholders have earned, own sales and royalties, whether accrued or not.
    function earned(ModelId id) external view returns (uint256);

    /// @notice Earnings of the model's shareholders, as of the current epoch.
    function earnings(ModelId id) external view returns (Earnings memory);

    /// @notice Account that is credited the protocol's cut.
    function protocolAccount() external view returns (address);

    /// @notice Account that is credited the provers' cut.
    function proverPool() external view returns (address);
}
