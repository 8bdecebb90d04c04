// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseId, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { CourtBase } from "../helpers/CourtBase.sol";

/// @notice Gas of each step of a case with the production profile, written to snapshots/ and committed:
/// FOUNDRY_PROFILE=production forge test
contract CourtGasTest is CourtBase {
    /// forge-config: production.isolate = true
    function test_gas() public {
        CaseId id = _open();
        vm.snapshotGasLastCall("open a case");
        bytes32 commitment = court.seedHash(id, 0, _prover(0), SALT);
        vm.prank(_prover(0));
        court.commitSeed(id, commitment);
        vm.snapshotGasLastCall("seed commit");
        vm.warp(START + ANSWER + 1);
        vm.prank(_prover(0));
        court.revealSeed(id, SALT);
        vm.snapshotGasLastCall("seed reveal");
        _draw(id);
        vm.snapshotGasLastCall("draw 7 jurors");

        address[] memory panel = court.rounds(id, 0).panel;
        for (uint256 i; i < 7; ++i) {
            _commitVote(id, panel[i], Verdict.Accept);
        }
        vm.snapshotGasLastCall("vote commit");
        vm.warp(block.timestamp + 4 * UNIT + 1);
        _revealVote(id, panel[0], Verdict.Accept);
        vm.snapshotGasLastCall("vote reveal, the first");
        _revealVote(id, panel[1], Verdict.Accept);
        vm.snapshotGasLastCall("vote reveal");
        vm.warp(block.timestamp + 2 * UNIT + 1);
        court.rule(id);
        vm.snapshotGasLastCall("rule");
        vm.warp(block.timestamp + UNIT + 1);
        court.close(id);
        vm.snapshotGasLastCall("close a case of 7 jurors");
    }
}
