// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseCourt } from "../../src/court/CaseCourt.sol";
import { ProverRegistry } from "../../src/court/ProverRegistry.sol";
import { Protocol } from "../../src/governance/Protocol.sol";
import { Case, CaseId, Round, Stage, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { BURNED, CopyId } from "../../src/lib/Types.sol";
import { MintableUSD } from "../helpers/Harness.sol";
import { Vm } from "../helpers/Vm.sol";

/// @notice Random calls at the court, in any order: honest and false openers, an accused, provers who vote, stay
/// silent, copy, withhold and leave, a guardian who pauses, and griefers who call every function.
contract CourtHandler {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant PROVERS = 12;
    uint256 private constant MAX_CASES = 6;
    bytes32 private constant SALT = keccak256("salt");

    MintableUSD private immutable USD;
    Protocol private immutable PROTOCOL;
    ProverRegistry private immutable REGISTRY;
    CaseCourt private immutable COURT;
    address private immutable BUYER;
    address private immutable GUARDIAN;

    /// @notice Total paid out by court and registry, and total paid in.
    uint256 public paidOut;
    uint256 public paidIn;
    /// @notice Whether protocol time ever decreased, or advanced during a pause.
    bool public clockBroke;

    uint256 private _unix;
    uint64 private _lastTime;

    constructor(
        MintableUSD usd,
        Protocol protocol,
        ProverRegistry registry,
        CaseCourt court,
        address buyer,
        address guardian
    ) {
        USD = usd;
        PROTOCOL = protocol;
        REGISTRY = registry;
        COURT = court;
        BUYER = buyer;
        GUARDIAN = guardian;
        _unix = block.timestamp;
        _lastTime = protocol.time();
    }

    function prover(uint256 i) public pure returns (address) {
        return address(uint160(0x9000 + i % PROVERS));
    }

    function opener(uint256 i) public pure returns (address) {
        return i % 3 == 0 ? prover(i) : address(uint160(0x700 + i % 2));
    }

    /* PROVERS */

    function stake(uint256 who, uint256 amount) external {
        amount %= 3000e6;
        _fund(prover(who), address(REGISTRY), amount);
        if (_as(prover(who), address(REGISTRY), abi.encodeCall(REGISTRY.stake, (amount)))) paidIn += amount;
    }

    function exit(uint256 who) external {
        if (who % 8 == 0) _as(prover(who / 8), address(REGISTRY), abi.encodeCall(REGISTRY.exit, ()));
    }

    function withdraw(uint256 who) external {
        _pay(prover(who), address(REGISTRY), abi.encodeCall(REGISTRY.withdraw, (prover(who))));
    }

    function cover(uint256 who) external {
        _as(prover(who), address(REGISTRY), abi.encodeCall(REGISTRY.cover, (bytes32(who | 1))));
    }

    function donate(uint256 amount) external {
        amount %= 50e6;
        USD.mint(address(REGISTRY), amount);
        paidIn += amount;
    }

    function claimEarned(uint256 who) external {
        _pay(prover(who), address(REGISTRY), abi.encodeCall(REGISTRY.claim, (prover(who))));
    }

    function claimOwed(uint256 who) external {
        address account = who % 4 == 0 ? BUYER : who % 4 == 1 ? BURNED : opener(who);
        _pay(account, address(COURT), abi.encodeCall(COURT.claim, (account)));
    }

    /* CASES */

    function open(uint256 who, uint256 target) external {
        if (COURT.totalCases() >= MAX_CASES) return;
        address account = opener(who);
        _fund(account, address(COURT), PROTOCOL.caseBond());
        bytes memory call =
            abi.encodeCall(COURT.open, (CopyId.wrap(1 + target % 2), bytes32(1 + target % 5), uint32(who % 50), ""));
        if (_as(account, address(COURT), call)) paidIn += PROTOCOL.caseBond();
    }

    function answer(uint256 which) external {
        _as(BUYER, address(COURT), abi.encodeCall(COURT.answer, (_case(which), "")));
    }

    function commitSeed(uint256 which, uint256 who) external {
        CaseId id = _case(which);
        bytes32 commitment = COURT.seedHash(id, COURT.cases(id).round, prover(who), SALT);
        _as(prover(who), address(COURT), abi.encodeCall(COURT.commitSeed, (id, commitment)));
    }

    function revealSeed(uint256 which, uint256 who) external {
        _as(prover(who), address(COURT), abi.encodeCall(COURT.revealSeed, (_case(which), SALT)));
    }

    function punishSeed(uint256 which, uint256 who, uint8 round) external {
        _as(address(this), address(COURT), abi.encodeCall(COURT.punishSeed, (_case(which), round % 2, prover(who))));
    }

    /// @notice Runs a panel from the drawing to the ruling. In odd sessions jurors disagree. `asleep` selects the
    /// jurors who do not commit or do not reveal.
    function sit(uint256 which, uint256 session, uint256 asleep) external {
        CaseId id = _case(which);
        if (COURT.cases(id).stage == Stage.Seeding) advance(which);
        if (COURT.cases(id).stage == Stage.Seeding) advance(which);
        if (COURT.cases(id).stage != Stage.Voting) return;
        commitVotes(which, session, asleep);
        advance(which);
        revealVotes(which, session, asleep >> 64);
        advance(which);
    }

    function commitVotes(uint256 which, uint256 session, uint256 asleep) public {
        CaseId id = _case(which);
        uint8 round = COURT.cases(id).round;
        address[] memory panel = COURT.rounds(id, round).panel;
        for (uint256 i; i < panel.length; ++i) {
            if (asleep >> 3 * i & 7 == 7) continue;
            bytes32 commitment = COURT.voteHash(id, round, panel[i], _voteOf(session, i), 1, SALT);
            _as(panel[i], address(COURT), abi.encodeCall(COURT.commitVote, (id, commitment)));
        }
    }

    function revealVotes(uint256 which, uint256 session, uint256 asleep) public {
        CaseId id = _case(which);
        address[] memory panel = COURT.rounds(id, COURT.cases(id).round).panel;
        for (uint256 i; i < panel.length; ++i) {
            if (asleep >> 3 * i & 7 == 7) continue;
            bytes memory call = abi.encodeCall(COURT.revealVote, (id, _voteOf(session, i), 1, SALT));
            _as(panel[i], address(COURT), call);
        }
    }

    function _voteOf(uint256 session, uint256 juror) private pure returns (Verdict) {
        bool accept = session % 4 == 0 || (session % 2 == 1 && session >> juror & 2 == 2);
        return accept ? Verdict.Accept : Verdict.Reject;
    }

    function appeal(uint256 which, uint256 who) external {
        CaseId id = _case(which);
        address account = who % 2 == 0 ? BUYER : COURT.cases(id).opener;
        if (account == address(0)) return;
        uint256 bond = 2 * PROTOCOL.caseBond();
        _fund(account, address(COURT), bond);
        if (_as(account, address(COURT), abi.encodeCall(COURT.appeal, (id)))) paidIn += bond;
    }

    /// @notice Waits until the next step of a case that anyone may take, and takes it.
    function advance(uint256 which) public {
        CaseId id = _case(which);
        Case memory trial = COURT.cases(id);
        Round memory round = COURT.rounds(id, trial.round);
        uint64 time = PROTOCOL.time();
        if (trial.stage == Stage.Seeding) {
            _waitUntil(time <= trial.until ? trial.until : trial.until + trial.unit);
            _as(address(this), address(COURT), abi.encodeCall(COURT.draw, (id)));
        } else if (trial.stage == Stage.Voting) {
            _waitUntil(time <= round.commitUntil ? round.commitUntil : round.revealUntil);
            if (time > round.commitUntil) _as(address(this), address(COURT), abi.encodeCall(COURT.rule, (id)));
        } else if (trial.stage == Stage.Ruled) {
            _waitUntil(trial.until);
            _as(address(this), address(COURT), abi.encodeCall(COURT.close, (id)));
        }
    }

    /// @notice Calls any step of any case from any account.
    function grief(uint256 which, uint256 what, address who) external {
        CaseId id = _case(which);
        bytes[5] memory calls = [
            abi.encodeCall(COURT.draw, (id)),
            abi.encodeCall(COURT.rule, (id)),
            abi.encodeCall(COURT.close, (id)),
            abi.encodeCall(COURT.appeal, (id)),
            abi.encodeCall(COURT.revealVote, (id, Verdict(what % 4), uint32(what), SALT))
        ];
        _as(who, address(COURT), calls[what % 5]);
    }

    /* CLOCK */

    function pause(uint256 seed) external {
        if (seed % 4 != 0) return;
        bytes memory call =
            PROTOCOL.paused() ? abi.encodeCall(PROTOCOL.unpause, ()) : abi.encodeCall(PROTOCOL.pause, ());
        _as(GUARDIAN, address(PROTOCOL), call);
    }

    function wait(uint256 duration) external {
        bool paused = PROTOCOL.paused();
        _warp(_unix + duration % 12 hours);
        uint64 time = PROTOCOL.time();
        bool ran = time != _lastTime;
        if (time < _lastTime || (paused && PROTOCOL.paused() && ran)) clockBroke = true;
        _lastTime = time;
    }

    /* UTILITIES */

    function _case(uint256 seed) private view returns (CaseId) {
        uint256 total = COURT.totalCases();
        return CaseId.wrap(total == 0 ? 0 : 1 + seed % total);
    }

    function _waitUntil(uint64 until) private {
        uint64 time = PROTOCOL.time();
        if (until >= time) _warp(_unix + (until + 1 - time));
        if (until >= PROTOCOL.time()) _warp(_unix + 7 days);
        _lastTime = PROTOCOL.time();
    }

    function _warp(uint256 unix) private {
        _unix = unix;
        vm.warp(unix);
        vm.prevrandao(keccak256(abi.encode(unix)));
    }

    function _pay(address to, address from, bytes memory call) private {
        uint256 before = USD.balanceOf(to);
        _as(address(this), from, call);
        paidOut += USD.balanceOf(to) - before;
    }

    function _as(address who, address target, bytes memory call) private returns (bool done) {
        vm.prank(who);
        (done,) = target.call(call);
    }

    function _fund(address account, address spender, uint256 amount) private {
        USD.mint(account, amount);
        vm.prank(account);
        USD.approve(spender, amount);
    }
}
