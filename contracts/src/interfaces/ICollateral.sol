// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "../lib/Types.sol";

/// @title The courts' access to a copy's collateral.
/// @notice Only the courts may call these functions. The copy registry implements them.
interface ICollateral {
    /// @notice Opens a dispute about the copy. What is left of its collateral is frozen until every open dispute is
    /// closed.
    /// @dev Reverts unless the copy has collateral that can be slashed, or could be served without any.
    function openDispute(CopyId id) external;

    /// @notice Closes a dispute about the copy. Never reverts for an open dispute.
    /// @dev Warning: a court slashes before it closes its dispute. What the leak bond has released since then belongs to
    /// the buyer.
    function closeDispute(CopyId id) external;

    /// @notice Takes min(claimed, remaining collateral) and never reverts for lack of collateral. The bounty goes to the
    /// calling court, which knows who earned it. Everything else is burned: nobody else gains by a conviction. Each
    /// offence is punished once.
    /// @param maxBounty Most that the court asks for. It gets at most the protocol's share of what is taken.
    /// @param offence Identifier of the offence. The same one cannot be slashed twice.
    /// @return taken Amount taken; 0 if nothing was left.
    /// @return bounty Part of it that the court was sent.
    function slash(CopyId id, uint256 claimed, uint256 maxBounty, bytes32 offence)
        external
        returns (uint256 taken, uint256 bounty);
}
