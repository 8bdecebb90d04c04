// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "../lib/Types.sol";
import { IMatter } from "./IMatter.sol";

/// @title Cases about leaks: a copy's weights, or an endpoint that signs nothing, were found outside.
/// @notice The subject is the copy, and its buyer stands accused. The target is the keccak-256 of the tested URL, or the
/// artifact root of the tested files.
///
/// **What convicts.** The threshold is ln(10⁹ × sold copies of the model) nats, fixed when the case opens. All keys of the
/// panel's eighth must stand open, in the copy's `fingerprintRoot` and in the version's key pool. What one panel's eighth
/// opens is spent.
///
/// **Who may gain.** A bounty is what accepting jurors found proven as the cost of finding, on average. Bounties on one
/// minter's copies within 180 days stay below half of its bond. Creator, controller, minter and buyer cannot open, join or
/// judge.
///
/// **Costs.** A bond is at least half a percent of the collateral that the case freezes, so that freezing much costs much.
/// Each further case about one copy costs twice the bond of the one before, so that nobody uses up its codeword with weak
/// cases, or freezes its collateral with one case after the other.
interface ILeakCases is IMatter {
    /// @notice A case needs a target.
    error TargetMissing();

    /// @notice The copy has no buyer to accuse.
    error CopyUnknown(CopyId copyId);

    /// @notice Bounties on one minter's copies within the last 180 days, or a little longer.
    function bountiesOn(address minter) external view returns (uint256);
}
