// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { PARAMETERS } from "../../src/governance/Protocol.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";

/// @notice Parameters that the tests start with.
function defaultParameters() pure returns (uint64[PARAMETERS] memory values) {
    values[uint256(Parameter.LeakTail)] = 180 days;
    values[uint256(Parameter.AcceptWindow)] = 2 days;
    values[uint256(Parameter.ReportGrace)] = 1 days;
    values[uint256(Parameter.AnswerWindow)] = 2 days;
    values[uint256(Parameter.CaseWindow)] = 4 days;
    values[uint256(Parameter.ThawBuffer)] = 1 days;
    values[uint256(Parameter.ChallengeBond)] = 10e6;
    values[uint256(Parameter.CaseBond)] = 50e6;
    values[uint256(Parameter.BountyBps)] = 4000;
    values[uint256(Parameter.BountyCap)] = 100e6;
    values[uint256(Parameter.MinterBond)] = 1000e6;
    values[uint256(Parameter.ProverStake)] = 1000e6;
    values[uint256(Parameter.ProverPenalty)] = 20e6;
    values[uint256(Parameter.CoverageFee)] = 1e6;
    values[uint256(Parameter.ProtocolCutBps)] = 250;
    values[uint256(Parameter.ProverCutBps)] = 250;
    values[uint256(Parameter.MinterCutBps)] = 500;
    values[uint256(Parameter.CaseCap)] = 10_000e6;
    values[uint256(Parameter.OriginBond)] = 100e6;
    values[uint256(Parameter.OriginTime)] = 90 days;
}

uint64 constant EPOCH_LENGTH = 1 days;
