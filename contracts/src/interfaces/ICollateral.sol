// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "../lib/Types.sol";

/// @title What the courts may do with a copy's collateral.
/// @notice Only the courts call these. The copy registry implements them.
interface ICollateral {
    /// @notice A dispute about the copy began: its collateral stays until as many have ended as began.
    /// @dev Reverts unless collateral of the copy could still be slashed.
    function openDispute(CopyId id) external;

    /// @notice A dispute about the copy ended. Never reverts for a dispute that was opened.
    function closeDispute(CopyId id) external;

    /// @notice Takes min(claimed, what is left) and never reverts for lack of collateral. At most half goes to the
    /// reporter, a share is burned, the rest goes to the model's treasury. An offence pays once.
    /// @param offence Names what was done, so that it is never paid twice.
    /// @return taken What was taken; 0 where nothing was left.
    function slash(CopyId id, uint256 claimed, address reporter, bytes32 offence) external returns (uint256 taken);
}
