// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseCourt } from "../../src/court/CaseCourt.sol";
import { KeyLedger } from "../../src/court/KeyLedger.sol";
import { LeakCases } from "../../src/court/LeakCases.sol";
import { ParentCases } from "../../src/court/ParentCases.sol";
import { ProverRegistry } from "../../src/court/ProverRegistry.sol";
import { RefusalCases } from "../../src/court/RefusalCases.sol";
import { CaseId, Kind, Round, Vote } from "../../src/interfaces/ICaseCourt.sol";
import { IMatter } from "../../src/interfaces/IMatter.sol";
import { BaseTest } from "./BaseTest.sol";

/// @notice The real court with its three matters, and nine provers whose stakes are old enough.
abstract contract JudgedBase is BaseTest {
    address internal constant OPENER = address(0x09);
    bytes32 internal constant SALT = keccak256("salt");
    uint256 internal constant KEYS = 16;

    ProverRegistry internal provers;
    KeyLedger internal keys;
    ParentCases internal parentCases;
    CaseCourt internal court;
    bytes[] internal pool;
    bytes[] internal responses;
    uint256 private _block = 1000;

    function setUp() public virtual override {
        super.setUp();
        vm.roll(_block);
        for (uint256 i; i < KEYS; ++i) {
            pool.push(abi.encode("key and candidates", i));
            responses.push(abi.encode("response and salt", i));
        }
        for (uint256 i; i < 9; ++i) {
            address prover = address(uint160(0x9000 + i));
            vm.prank(OWNER);
            provers.admit(prover, true);
            _stake(prover);
        }
        vm.warp(START + 7 days);
    }

    function _stake(address prover) internal {
        _fund(prover, address(provers), 1000e6);
        vm.prank(prover);
        provers.stake(1000e6);
    }

    /// @dev Created after the contract for origins, after provers, keys, leaks and refusals.
    function _parentCourt() internal view override returns (address) {
        return vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 5);
    }

    function _courts() internal override returns (address[] memory courts) {
        uint256 nonce = vm.getNonce(address(this));
        address courtAt = vm.computeCreateAddress(address(this), nonce + 5);
        provers = new ProverRegistry(usd, protocol, ledger, courtAt);
        keys = new KeyLedger(copyRegistry, vm.computeCreateAddress(address(this), nonce + 2));
        LeakCases leaks = new LeakCases(usd, protocol, copyRegistry, registry, minterRegistry, keys, courtAt);
        RefusalCases refusals = new RefusalCases(protocol, copyRegistry, registry, courtAt);
        parentCases = new ParentCases(usd, protocol, registry, origins, courtAt);
        court = new CaseCourt(usd, protocol, provers, [IMatter(leaks), refusals, parentCases]);
        courts = new address[](3);
        (courts[0], courts[1], courts[2]) = (address(leaks), address(refusals), COURT);
    }

    /// @dev Opens a case by an account that gets what it costs.
    function _open(address opener, Kind kind, uint256 subject, bytes32 target) internal returns (CaseId) {
        (uint64 bond, uint64 recordFee) = court.bondOf(kind, subject);
        _fund(opener, address(court), bond + recordFee);
        vm.prank(opener);
        return court.open(kind, subject, target, "where it was found");
    }

    function _draw(CaseId id) internal {
        vm.roll(_block += 3);
        court.draw(id);
    }

    /// @dev The first `voters` jurors vote the same, keys are opened, and the panel rules.
    function _vote(CaseId id, Vote memory vote, uint256 voters) internal {
        uint8 number = court.cases(id).round;
        Round memory round = court.rounds(id, number);
        for (uint256 i; i < voters; ++i) {
            bytes32 commitment = court.voteHash(id, number, round.panel[i], vote, SALT);
            vm.prank(round.panel[i]);
            court.commitVote(id, i, commitment);
        }
        _waitFor(round.commitUntil);
        for (uint256 i; i < voters; ++i) {
            vm.prank(round.panel[i]);
            court.revealVote(id, i, vote, SALT);
        }
        _openKeys(id, round.eighth);
        _waitFor(round.revealUntil);
        court.rule(id);
    }

    /// @dev From the drawing to the close, without an appeal.
    function _decide(CaseId id, Vote memory vote, uint256 voters) internal {
        _draw(id);
        _vote(id, vote, voters);
        _close(id);
    }

    function _close(CaseId id) internal {
        _waitFor(court.cases(id).closesAfter);
        court.close(id);
    }

    function _openKeys(CaseId id, uint8 eighth) internal virtual;

    function _waitFor(uint64 until) internal {
        if (until >= protocol.time()) vm.warp(block.timestamp + (until + 1 - protocol.time()));
    }
}
