// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseId, Kind, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { CourtBase } from "../helpers/CourtBase.sol";

/// @notice Gas of each step of a case with the production profile, written to snapshots/ and committed:
/// FOUNDRY_PROFILE=production forge test
contract CourtGasTest is CourtBase {
    /// forge-config: production.isolate = true
    function test_gas() public {
        _fund(OPENER, address(court), BOND + RECORD_FEE);
        vm.prank(OPENER);
        CaseId id = court.open(Kind.Leak, SUBJECT, TARGET, "evidence");
        vm.snapshotGasLastCall("open a case");
        _blocks(3);
        court.record(id);
        vm.snapshotGasLastCall("record the block");
        court.draw(id);
        vm.snapshotGasLastCall("draw 7 jurors");

        for (uint256 i; i < 7; ++i) {
            _commitVote(id, i, _vote(Verdict.Accept));
        }
        vm.snapshotGasLastCall("vote commit");
        _waitUntil(court.rounds(id, 0).commitUntil + 1);
        _revealVote(id, 0, _vote(Verdict.Accept));
        vm.snapshotGasLastCall("vote reveal (first)");
        for (uint256 i = 1; i < 7; ++i) {
            _revealVote(id, i, _vote(Verdict.Accept));
        }
        vm.snapshotGasLastCall("vote reveal");
        _openKeys(id);
        vm.snapshotGasLastCall("open 2 keys");
        _waitUntil(court.rounds(id, 0).revealUntil + 1);
        court.rule(id);
        vm.snapshotGasLastCall("rule");
        _waitUntil(court.cases(id).closesAfter + 1);
        court.close(id);
        vm.snapshotGasLastCall("close a case of 7 jurors");
    }
}
