// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title Governance of one model by the holders of its shares.
/// @notice An OpenZeppelin Governor with the model's shares as votes. It decides while nobody has announced a majority
/// (`IModelRegistry.controllerOf`). Its rules never change:
///   - 1 % of the shares can propose. The vote begins one day later, with the weights of that second, and lasts 7 days.
///   - 10 % of all shares must vote for or abstain. A quorum that is reached late extends the vote to 3 days after it.
///   - A passed proposal is queued within 14 days, waits 3 days, and then anyone may execute it for 14 days. Every
///     decision lapses.
///   - The guardian may cancel a proposal, except one that replaces the guardian. Such a proposal makes no other call.
///   - The guardian is named by the controller before it hands over, or by a vote, and counts until somebody announces a
///     majority. Without one, proposers may cancel their own.
/// A proposal may call only the registry's `setTerms`, `addVersion`, `nameMinter`, `commitKeyPool` and `retire` for its own
/// model, and its own `setBeneficiary` and `setProposalGuardian`. No vote can change parents, sold copies, fingerprints, past earnings or
/// another model.
interface IModelGovernor {
    /// @notice A proposal may not make this call.
    error CallForbidden(address target, bytes4 selector, uint256 value);

    /// @notice A proposal that replaces the guardian makes no other call.
    error GuardianNotAlone();

    /// @notice Only a holder of a majority, while it controls the model, names the guardian without a vote.
    error NotMajority(address caller, address controller);

    /// @notice The proposal cannot be executed before `eta` (Unix seconds).
    error TimelockRunning(uint256 time, uint256 eta);

    /// @notice This account cannot be paid the model's own earnings.
    error BeneficiaryInvalid(address beneficiary);

    /// @notice The beneficiary was set.
    event BeneficiarySet(address indexed beneficiary);

    /// @notice The earnings of the governor's own shares were sent to the beneficiary.
    event Forwarded(address indexed beneficiary, uint256 amount);

    /// @notice Initializes a new clone. Once only.
    function initialize(ModelId modelId) external;

    /// @notice Names who may cancel proposals once the votes decide. Only a holder of a majority may call this, while it
    /// controls the model: whoever hands over sets the guardian.
    function nameGuardian(address guardian) external;

    /// @notice Sets the account that receives the earnings of the governor's own shares. Only a proposal may call this.
    function setBeneficiary(address beneficiary) external;

    /// @notice Claims the earnings of the governor's own shares and sends its whole balance to the beneficiary. Anyone
    /// may call this. Without a beneficiary the money stays.
    function forward() external returns (uint256 amount);

    /// @notice Number of the governed model.
    function modelId() external view returns (ModelId);

    /// @notice Account that receives the earnings of the governor's own shares; zero if none is set.
    function beneficiary() external view returns (address);
}
