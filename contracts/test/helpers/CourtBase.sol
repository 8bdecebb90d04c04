// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseCourt } from "../../src/court/CaseCourt.sol";
import { KeyLedger } from "../../src/court/KeyLedger.sol";
import { LeakCases } from "../../src/court/LeakCases.sol";
import { ParentCases } from "../../src/court/ParentCases.sol";
import { ProverRegistry } from "../../src/court/ProverRegistry.sol";
import { RefusalCases } from "../../src/court/RefusalCases.sol";
import { Protocol } from "../../src/governance/Protocol.sol";
import { Case, CaseId, Kind, Round, Stage, Verdict, Vote } from "../../src/interfaces/ICaseCourt.sol";
import { ICollateral } from "../../src/interfaces/ICollateral.sol";
import { Copy, ICopyRegistry } from "../../src/interfaces/ICopyRegistry.sol";
import { Codeword, OpenedKey } from "../../src/interfaces/IKeyLedger.sol";
import { IMatter } from "../../src/interfaces/IMatter.sol";
import { IMinterRegistry, Minter } from "../../src/interfaces/IMinterRegistry.sol";
import { IModelRegistry } from "../../src/interfaces/IModelRegistry.sol";
import { IOrigins } from "../../src/interfaces/IOrigins.sol";
import { Prover } from "../../src/interfaces/IProverRegistry.sol";
import { IRefusals, Ruling } from "../../src/interfaces/IRefusals.sol";
import { IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { Fingerprints } from "../../src/lib/Fingerprints.sol";
import { BURNED, CopyId, ModelId } from "../../src/lib/Types.sol";
import { EPOCH_LENGTH, defaultParameters } from "./Defaults.sol";
import { MintableUSD } from "./Harness.sol";
import { Tree } from "./Tree.sol";
import { Vm } from "./Vm.sol";

/// @notice Replaces the registries where only a few things matter: the parties of a copy, what is at stake, and the calls
/// of the court.
contract Records is ICollateral, IRefusals {
    MintableUSD private immutable USD;
    mapping(CopyId => Copy) private _copies;
    mapping(address => uint96) private _bonds;
    address public immutable CREATOR;
    address public immutable CONTROLLER;
    uint256 public soldOf_;
    int256 public disputes;
    uint256 public slashes;
    uint256 public claimed;
    uint256 public maxBounty;
    bytes32 public offence;
    Ruling public ruling;

    constructor(MintableUSD usd, address creator, address controller) {
        (USD, CREATOR, CONTROLLER) = (usd, creator, controller);
    }

    function set(CopyId id, Copy calldata copy) external {
        _copies[id] = copy;
    }

    function setSold(uint256 sold) external {
        soldOf_ = sold;
    }

    function setBond(address minter, uint96 bond) external {
        _bonds[minter] = bond;
    }

    function copies(CopyId id) external view returns (Copy memory) {
        return _copies[id];
    }

    function soldOf(ModelId) external view returns (uint256) {
        return soldOf_;
    }

    function ownerOf(uint256) external view returns (address) {
        return CREATOR;
    }

    function controllerOf(ModelId) external view returns (address) {
        return CONTROLLER;
    }

    function minters(address minter) external view returns (Minter memory found) {
        found.bond = _bonds[minter];
    }

    function openDispute(CopyId) external {
        ++disputes;
    }

    function closeDispute(CopyId) external {
        --disputes;
    }

    function openRefusal(CopyId id) external view returns (address buyer, address minter) {
        return (_copies[id].buyer, _copies[id].minter);
    }

    function closeRefusal(CopyId, Ruling ruling_) external {
        ruling = ruling_;
    }

    function slash(CopyId id, uint256 claimed_, uint256 maxBounty_, bytes32 offence_)
        external
        returns (uint256 taken, uint256 bounty)
    {
        (claimed, maxBounty, offence) = (claimed_, maxBounty_, offence_);
        ++slashes;
        taken = claimed_ < _copies[id].collateral ? claimed_ : _copies[id].collateral;
        bounty = maxBounty_ < taken / 2 ? maxBounty_ : taken / 2;
        USD.mint(msg.sender, bounty);
    }
}

/// @notice A court with ten provers whose stakes are old enough, and the parties of a case.
abstract contract CourtBase {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint64 internal constant START = 1_800_000_000;
    uint64 internal constant ANSWER = 2 days;
    uint64 internal constant UNIT = 4 days / 8;
    uint256 internal constant STAKE = 1000e6;
    uint64 internal constant PENALTY = 20e6;
    uint256 internal constant BOND = 50e6;
    uint256 internal constant RECORD_FEE = 1e6;
    uint256 internal constant PROVERS = 10;
    uint32 internal constant ENOUGH = 20_724;
    uint256 internal constant KEYS = 16;
    bytes32 internal constant TARGET = keccak256("https://stranger.example/v1");
    bytes32 internal constant SALT = keccak256("salt");
    uint256 internal constant SUBJECT = 1;
    CopyId internal constant COPY = CopyId.wrap(SUBJECT);
    address internal constant GUARDIAN = address(0x6A);
    address internal constant COUNCIL = address(0xC0);
    address internal constant BUYER = address(0xB0);
    address internal constant MINTER = address(0x3173);
    address internal constant CREATOR = address(0xC3EA);
    address internal constant CONTROLLER = address(0xC027);
    address internal constant OPENER = address(0x09);
    address internal constant STRANGER = address(0x57);

    MintableUSD internal usd;
    Protocol internal protocol;
    Records internal records;
    ProverRegistry internal provers;
    KeyLedger internal keys;
    LeakCases internal leaks;
    CaseCourt internal court;
    bytes[] internal pool;
    bytes[] internal responses;
    uint256 private _block = 1000;

    function setUp() public virtual {
        vm.warp(START - 8 days);
        vm.roll(_block);
        usd = new MintableUSD();
        protocol = new Protocol(address(this), GUARDIAN, COUNCIL, EPOCH_LENGTH, defaultParameters());
        records = new Records(usd, CREATOR, CONTROLLER);
        address courtAt = _created(5);
        ICopyRegistry copies = ICopyRegistry(address(records));
        IModelRegistry registry = IModelRegistry(address(records));
        IMatter parents = _parents(courtAt);
        provers = new ProverRegistry(usd, protocol, IUsageLedger(address(0)), courtAt);
        keys = new KeyLedger(copies, _created(1));
        leaks = new LeakCases(usd, protocol, copies, registry, IMinterRegistry(address(records)), keys, courtAt);
        RefusalCases refusals = new RefusalCases(protocol, copies, registry, courtAt);
        court = new CaseCourt(usd, protocol, provers, [IMatter(leaks), refusals, parents]);
        records.setBond(MINTER, 1000e6);
        _fingerprint();
        _setCopy(COPY, 50e6);
        for (uint256 i; i < PROVERS; ++i) {
            _stake(_prover(i), STAKE);
        }
        vm.warp(START);
    }

    /// @dev What cases about parents are about. Creates one contract.
    function _parents(address courtAt) internal virtual returns (IMatter) {
        return new ParentCases(usd, protocol, IModelRegistry(address(records)), IOrigins(address(0)), courtAt);
    }

    /// @dev Address of the contract that is created after `count` others.
    function _created(uint256 count) internal view returns (address) {
        return vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + count);
    }

    /* PARTIES */

    function _prover(uint256 i) internal pure returns (address) {
        return address(uint160(0x9000 + i));
    }

    function _fund(address account, address spender, uint256 amount) internal {
        usd.mint(account, amount);
        vm.prank(account);
        usd.approve(spender, amount);
    }

    function _stake(address prover, uint256 amount) internal {
        provers.admit(prover, true);
        _fund(prover, address(provers), amount);
        vm.prank(prover);
        provers.stake(amount);
    }

    function _setCopy(CopyId id, uint96 collateral) internal {
        Copy memory copy;
        (copy.modelId, copy.version, copy.buyer, copy.minter) = (ModelId.wrap(1), 1, BUYER, MINTER);
        (copy.collateral, copy.price) = (collateral, 25e6);
        copy.fingerprintRoot = Fingerprints.rootOf(Tree.rootOf(pool), Tree.rootOf(responses));
        records.set(id, copy);
    }

    function _fingerprint() private {
        for (uint256 i; i < KEYS; ++i) {
            pool.push(abi.encode("key and candidates", i));
            responses.push(abi.encode("response and salt", i));
        }
    }

    /* CLOCK */

    function _now() internal view returns (uint64) {
        return protocol.time();
    }

    function _wait(uint64 duration) internal {
        vm.warp(block.timestamp + duration);
    }

    function _waitUntil(uint64 time) internal {
        if (time > _now()) vm.warp(block.timestamp + (time - _now()));
    }

    function _blocks(uint256 count) internal {
        _block += count;
        vm.roll(_block);
    }

    /* CASES */

    function _open() internal returns (CaseId id) {
        return _openAt(TARGET);
    }

    function _openAt(bytes32 target) internal returns (CaseId id) {
        return _openBy(OPENER, COPY, target);
    }

    function _openBy(address opener, CopyId copyId, bytes32 target) internal returns (CaseId id) {
        (uint64 bond, uint64 recordFee) = court.bondOf(Kind.Leak, CopyId.unwrap(copyId));
        _fund(opener, address(court), uint256(bond) + recordFee);
        vm.prank(opener);
        return court.open(Kind.Leak, CopyId.unwrap(copyId), target, "evidence");
    }

    function _draw(CaseId id) internal {
        _blocks(3);
        court.draw(id);
    }

    function _vote(Verdict verdict) internal pure returns (Vote memory) {
        if (verdict != Verdict.Accept) return Vote(verdict, 0, 0, 0);
        return Vote(verdict, ENOUGH, 8e6, keccak256("transcripts"));
    }

    /// @dev The first `accepts` jurors accept, the next `rejects` reject, and the rest do not vote. The keys are opened, and
    /// the votes are counted.
    function _vote(CaseId id, uint256 accepts, uint256 rejects) internal {
        uint8 number = court.cases(id).round;
        Round memory round = court.rounds(id, number);
        for (uint256 i; i < accepts + rejects; ++i) {
            _commitVote(id, i, _vote(i < accepts ? Verdict.Accept : Verdict.Reject));
        }
        _waitUntil(round.commitUntil + 1);
        for (uint256 i; i < accepts + rejects; ++i) {
            _revealVote(id, i, _vote(i < accepts ? Verdict.Accept : Verdict.Reject));
        }
        _openKeys(id);
        _waitUntil(round.revealUntil + 1);
        court.rule(id);
    }

    function _commitVote(CaseId id, uint256 seat, Vote memory vote) internal {
        uint8 number = court.cases(id).round;
        address juror = court.rounds(id, number).panel[seat];
        bytes32 commitment = court.voteHash(id, number, juror, vote, SALT);
        vm.prank(juror);
        court.commitVote(id, seat, commitment);
    }

    function _revealVote(CaseId id, uint256 seat, Vote memory vote) internal {
        address juror = court.rounds(id, court.cases(id).round).panel[seat];
        vm.prank(juror);
        court.revealVote(id, seat, vote, SALT);
    }

    function _openKeys(CaseId id) internal {
        keys.openKeys(CopyId.wrap(court.cases(id).subject), _eighthOf(id), _codeword(), _keysOf(id));
    }

    function _codeword() internal view returns (Codeword memory) {
        return Codeword(Tree.rootOf(pool), Tree.rootOf(responses), uint64(KEYS));
    }

    function _eighthOf(CaseId id) internal view returns (uint8) {
        return court.rounds(id, court.cases(id).round).eighth;
    }

    /// @dev The two keys of the eighth that the latest panel tests.
    function _keysOf(CaseId id) internal view returns (OpenedKey[] memory opened) {
        uint256 first = uint256(_eighthOf(id)) * KEYS / 8;
        opened = new OpenedKey[](KEYS / 8);
        for (uint256 i; i < opened.length; ++i) {
            opened[i] = OpenedKey(
                pool[first + i], responses[first + i], Tree.proofOf(pool, first + i), Tree.proofOf(responses, first + i)
            );
        }
    }

    function _appeal(CaseId id, address appellant) internal {
        uint256 bond = court.cases(id).bond;
        _fund(appellant, address(court), 2 * bond + bond / 50);
        vm.prank(appellant);
        court.appeal(id);
    }

    function _close(CaseId id) internal {
        _waitUntil(court.cases(id).closesAfter + 1);
        court.close(id);
    }

    /// @dev From the opening to the close, without an appeal.
    function _try(uint256 accepts, uint256 rejects) internal returns (CaseId id) {
        id = _open();
        _draw(id);
        _vote(id, accepts, rejects);
        _close(id);
    }

    /// @dev Asserts that no money was lost or created.
    function _assertMoney(CaseId id) internal view {
        Case memory trial = court.cases(id);
        uint256 held = court.owed(OPENER) + court.owed(BUYER) + court.owed(BURNED) + court.owed(address(this));
        held += court.owed(STRANGER) + court.owed(MINTER);
        if (trial.stage != Stage.Closed) {
            held += court.openers(id).length * trial.bond + trial.appealBond;
            if (court.rounds(id, trial.round).seed == 0) held += RECORD_FEE;
        }
        vm.assertEq(usd.balanceOf(address(court)), held, "the court holds what it owes");
        uint256 committed;
        for (uint256 i; i < PROVERS; ++i) {
            Prover memory prover = provers.provers(_prover(i));
            committed += prover.stake + provers.earned(_prover(i));
            vm.assertLe(prover.locked, prover.stake, "a lock never exceeds the stake");
        }
        vm.assertEq(provers.committed(), committed, "stakes and earnings");
    }
}
