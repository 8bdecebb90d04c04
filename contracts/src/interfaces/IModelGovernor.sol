// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @title Governance of one model by the holders of its shares.
/// @notice An OpenZeppelin Governor with the model's shares as votes. It takes effect once it owns the model's token.
/// Sending the token to it is permanent. Its rules never change:
///   - 1 % of the shares can propose. The vote begins one day later, with the weights of that second, and lasts 7 days.
///   - 10 % of all shares must vote for or abstain. A quorum that is reached late extends the vote to 3 days after it.
///   - A passed proposal waits 3 days. Then anyone may execute it for 14 days.
///   - The guardian may cancel a proposal, except one that replaces the guardian.
/// A proposal may call only the registry's `setTerms`, `addVersion` and `retire` for its own model, and its own
/// `setBeneficiary` and `setProposalGuardian`. No vote can change parents, sold copies, fingerprints, past earnings or
/// another model.
interface IModelGovernor {
    /// @notice A proposal may not make this call.
    error CallForbidden(address target, bytes4 selector, uint256 value);

    /// @notice The proposal cannot be executed before `eta` (Unix seconds).
    error TimelockRunning(uint256 time, uint256 eta);

    /// @notice This account cannot be paid the model's own earnings.
    error BeneficiaryInvalid(address beneficiary);

    /// @notice The beneficiary was set.
    event BeneficiarySet(address indexed beneficiary);

    /// @notice The earnings of the governor's own shares were sent to the beneficiary.
    event Forwarded(address indexed beneficiary, uint256 amount);

    /// @notice Initializes a new clone. Once only.
    /// @param guardian Account that may cancel proposals. If zero, proposers may cancel their own.
    function initialize(ModelId modelId, address guardian) external;

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
