// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseCourt } from "../../src/court/CaseCourt.sol";
import { ProverRegistry } from "../../src/court/ProverRegistry.sol";
import { Protocol } from "../../src/governance/Protocol.sol";
import { Case, CaseId, Stage, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { ICollateral } from "../../src/interfaces/ICollateral.sol";
import { Copy } from "../../src/interfaces/ICopyRegistry.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { EPOCH_LENGTH, defaultParameters } from "./Defaults.sol";
import { MintableUSD } from "./Harness.sol";
import { Vm } from "./Vm.sol";

/// @notice Replaces the copy registry where only two things matter: the buyer of a copy, and the calls of the court.
contract CollateralRecord is ICollateral {
    address private immutable BUYER;
    int256 public disputes;
    uint256 public slashes;
    address public reporter;
    bytes32 public offence;

    constructor(address buyer) {
        BUYER = buyer;
    }

    function copies(CopyId id) external view returns (Copy memory copy) {
        if (CopyId.unwrap(id) != 0) copy.buyer = BUYER;
    }

    function openDispute(CopyId) external {
        ++disputes;
    }

    function closeDispute(CopyId) external {
        --disputes;
    }

    function slash(CopyId, uint256, uint256, bytes32 offence_) external returns (uint256, uint256) {
        offence = offence_;
        ++slashes;
        return (50e6, 0);
    }
}

/// @notice A court with ten provers, and the parties of a case.
abstract contract CourtBase {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint64 internal constant START = 1_800_000_000;
    uint64 internal constant ANSWER = 2 days;
    uint64 internal constant UNIT = 4 days / 8;
    uint256 internal constant STAKE = 1000e6;
    uint64 internal constant PENALTY = 20e6;
    uint256 internal constant BOND = 50e6;
    uint256 internal constant PROVERS = 10;
    bytes32 internal constant TARGET = keccak256("https://stranger.example/v1");
    bytes32 internal constant SALT = keccak256("salt");
    CopyId internal constant COPY = CopyId.wrap(1);
    address internal constant GUARDIAN = address(0x6A);
    address internal constant BUYER = address(0xB0);
    address internal constant OPENER = address(0x09);
    address internal constant STRANGER = address(0x57);

    MintableUSD internal usd;
    Protocol internal protocol;
    CollateralRecord internal collateral;
    ProverRegistry internal provers;
    CaseCourt internal court;

    function setUp() public virtual {
        vm.warp(START);
        usd = new MintableUSD();
        protocol = new Protocol(address(this), GUARDIAN, EPOCH_LENGTH, defaultParameters());
        collateral = new CollateralRecord(BUYER);
        address courtAt = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        provers = new ProverRegistry(usd, protocol, courtAt);
        court = new CaseCourt(usd, protocol, address(collateral), provers);
        for (uint256 i; i < PROVERS; ++i) {
            _stake(_prover(i), STAKE);
        }
    }

    function _prover(uint256 i) internal pure returns (address) {
        return address(uint160(0x9000 + i));
    }

    function _fund(address account, address spender, uint256 amount) internal {
        usd.mint(account, amount);
        vm.prank(account);
        usd.approve(spender, amount);
    }

    function _stake(address prover, uint256 amount) internal {
        _fund(prover, address(provers), amount);
        vm.prank(prover);
        provers.stake(amount);
    }

    function _now() internal view returns (uint64) {
        return protocol.time();
    }

    function _wait(uint64 duration) internal {
        vm.warp(block.timestamp + duration);
    }

    function _open() internal returns (CaseId id) {
        _fund(OPENER, address(court), BOND);
        vm.prank(OPENER);
        return court.open(COPY, TARGET, 40, "evidence");
    }

    /// @dev Moves a case from seeding to the drawn panel.
    function _draw(CaseId id) internal {
        Case memory trial = court.cases(id);
        vm.warp(block.timestamp + (trial.until + trial.unit + 1 - _now()));
        court.draw(id);
    }

    /// @dev The first `accepts` jurors accept, the next `rejects` reject, and the rest do not vote. Then the votes are
    /// counted.
    function _vote(CaseId id, uint256 accepts, uint256 rejects) internal {
        uint8 round = court.cases(id).round;
        address[] memory panel = court.rounds(id, round).panel;
        for (uint256 i; i < accepts + rejects; ++i) {
            _commitVote(id, panel[i], i < accepts ? Verdict.Accept : Verdict.Reject);
        }
        vm.warp(block.timestamp + (court.rounds(id, round).commitUntil + 1 - _now()));
        for (uint256 i; i < accepts + rejects; ++i) {
            _revealVote(id, panel[i], i < accepts ? Verdict.Accept : Verdict.Reject);
        }
        vm.warp(block.timestamp + (court.rounds(id, round).revealUntil + 1 - _now()));
        court.rule(id);
    }

    function _hits(Verdict vote) internal pure returns (uint32) {
        return vote == Verdict.Accept ? 30 : 0;
    }

    function _commitVote(CaseId id, address prover, Verdict vote) internal {
        bytes32 commitment = court.voteHash(id, court.cases(id).round, prover, vote, _hits(vote), SALT);
        vm.prank(prover);
        court.commitVote(id, commitment);
    }

    function _revealVote(CaseId id, address prover, Verdict vote) internal {
        vm.prank(prover);
        court.revealVote(id, vote, _hits(vote), SALT);
    }

    function _appeal(CaseId id, address appellant) internal {
        _fund(appellant, address(court), 2 * BOND);
        vm.prank(appellant);
        court.appeal(id);
    }

    function _close(CaseId id) internal {
        uint64 until = court.cases(id).until;
        if (until != 0) vm.warp(block.timestamp + (until + 1 - _now()));
        court.close(id);
    }

    /// @dev Asserts that no money was lost or created.
    function _assertMoney(CaseId id) internal view {
        Case memory trial = court.cases(id);
        uint256 held = court.owed(OPENER) + court.owed(BUYER) + court.owed(address(0xdead));
        if (trial.stage != Stage.Closed) held += trial.bond + trial.appealBond;
        vm.assertEq(usd.balanceOf(address(court)), held, "the court holds what it owes");
        uint256 committed;
        for (uint256 i; i < PROVERS; ++i) {
            committed += provers.provers(_prover(i)).stake + provers.earned(_prover(i));
        }
        vm.assertEq(provers.committed(), committed, "stakes and earnings");
    }
}
