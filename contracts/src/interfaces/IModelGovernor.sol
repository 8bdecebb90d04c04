// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title The holders of a model's shares decide about the model.
/// @notice An OpenZeppelin Governor over the model's shares. It decides once it owns the model's token: handing over is
/// sending the token to it, and is for good. Rules, fixed for ever:
///   - 1 % of the shares propose; the vote begins a day later, with the weights of that second, and lasts 7 days;
///   - 10 % of all shares must vote for or abstain; a quorum reached late leaves 3 days to answer it;
///   - what was decided waits 3 days, then anyone may execute it for 14 days;
///   - the guardian may cancel a proposal, but none that replaces the guardian.
/// A proposal may call nothing but: the registry's `setTerms`, `addVersion` and `retire` for its own model; its own
/// `setBeneficiary` and `setProposalGuardian`. So no vote reaches parents, sold copies, fingerprints, money that was
/// earned, or another model.
interface IModelGovernor {
    /// @notice A proposal may not call this.
    error CallForbidden(address target, bytes4 selector, uint256 value);

    /// @notice What was decided waits until `eta` (Unix seconds).
    error TimelockRunning(uint256 time, uint256 eta);

    /// @notice This account can never be paid the model's own earnings.
    error BeneficiaryInvalid(address beneficiary);

    /// @notice Another account gets what the model itself earns.
    event BeneficiarySet(address indexed beneficiary);

    /// @notice What the model itself had earned went to its beneficiary.
    event Forwarded(address indexed beneficiary, uint256 amount);

    /// @notice Prepares a fresh clone. Once.
    /// @param guardian Who may cancel proposals; zero means that proposers may cancel their own.
    function initialize(ModelId modelId, address guardian) external;

    /// @notice Sets who gets what the model itself earns: with the shares that the governor holds. By vote only.
    function setBeneficiary(address beneficiary) external;

    /// @notice Claims what the governor's own shares earned and sends all its money to the beneficiary. Anyone may; while
    /// there is no beneficiary the money stays.
    function forward() external returns (uint256 amount);

    /// @notice The model.
    function modelId() external view returns (ModelId);

    /// @notice Who gets what the model itself earns; zero while nobody does.
    function beneficiary() external view returns (address);
}
