// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ChallengeCourt } from "../../src/court/ChallengeCourt.sol";
import { Receipt, Receipts, Report } from "../../src/lib/Receipts.sol";
import { SumNode, SumTree } from "../../src/lib/SumTree.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "./BaseTest.sol";

/// @notice A buyer who serves a copy: an active copy with escrow, a deployment and an operator key.
abstract contract ServingBase is BaseTest {
    using Receipts for Receipt;

    uint64 internal constant DAY = 1 days;
    uint256 internal constant OPERATOR_KEY = 0x0b;
    uint64 internal constant CAP = 1_000_000;
    uint256 internal constant CHALLENGE_BOND = 10e6;
    bytes32 internal constant SALT = keccak256("salt");
    string internal constant URL = "https://host.example/v1";

    address internal immutable OPERATOR = vm.addr(OPERATOR_KEY);
    address internal constant CHALLENGER = address(0xC4A1);

    ChallengeCourt internal court;
    ModelId internal root;
    CopyId internal copyId;
    uint64 internal epoch;
    uint256 private _block = 1;

    function setUp() public virtual override {
        super.setUp();
        root = _root();
        copyId = _active(BUYER, root);
        vm.prank(BUYER);
        ledger.openDeployment(copyId, URL, 2000, OPERATOR, CAP);
        _deposit(copyId, 100e6);
        epoch = protocol.epoch();
    }

    function _courts() internal override returns (address[] memory courts) {
        court = new ChallengeCourt(usd, protocol, copyRegistry, ledger, treasury);
        courts = new address[](2);
        (courts[0], courts[1]) = (address(court), COURT);
    }

    function _deposit(CopyId id, uint64 amount) internal {
        _fund(HOLDER, address(ledger), amount);
        vm.prank(HOLDER);
        ledger.deposit(id, amount);
    }

    /* RECEIPTS */

    function _receipt(uint64 index) internal view returns (Receipt memory) {
        return Receipt(
            copyId, epoch, index, address(0), keccak256("prompt"), keccak256("response"), 1, uint64(block.timestamp)
        );
    }

    function _sign(uint256 key, Receipt memory receipt) internal view returns (bytes memory) {
        return _signature(key, ledger.receiptDigest(receipt));
    }

    function _sign(Receipt memory receipt) internal view returns (bytes memory) {
        return _sign(OPERATOR_KEY, receipt);
    }

    function _signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /* REPORTS */

    /// @dev Root of the sum tree of two receipts: leaf 0, leaf 1.
    function _rootOf(Receipt memory zero, Receipt memory one) internal pure returns (bytes32) {
        bytes32 top = SumTree.nodeOf(_leaf(zero).hash, zero.units, _leaf(one).hash, one.units);
        return SumTree.rootOf(2, SumNode(top, zero.units + one.units));
    }

    function _leaf(Receipt memory receipt) internal pure returns (SumNode memory) {
        return SumNode(SumTree.leafOf(abi.encode(receipt.hash())), receipt.units);
    }

    function _siblings(SumNode memory one) internal pure returns (SumNode[] memory siblings) {
        siblings = new SumNode[](1);
        siblings[0] = one;
    }

    /// @dev The empty report, for an epoch without one.
    function _emptyReport() internal view returns (Report memory) {
        return Report(copyId, epoch, 0, 0, 0);
    }

    function _twoReceipts() internal view returns (Report memory) {
        return Report(copyId, epoch, 2, 2, _rootOf(_receipt(0), _receipt(1)));
    }

    function _file(Report memory filed) internal {
        vm.prank(BUYER);
        ledger.report(filed.copyId, filed.epoch, filed.count, filed.units, filed.receiptsRoot);
    }

    /* CLOCK */

    /// @dev First second after the epoch.
    function _afterEpoch() internal {
        vm.warp((uint256(epoch) + 1) * DAY);
    }

    /// @dev First second at which the epoch can no longer be reported.
    function _afterGrace() internal {
        vm.warp((uint256(epoch) + 2) * DAY + 1);
    }

    /* CHALLENGES */

    function _bond(address challenger) internal {
        _fund(challenger, address(court), CHALLENGE_BOND);
    }

    /// @dev Commits to evidence and waits until it can be revealed.
    function _commitTo(address challenger, bytes32 evidence) internal {
        _bond(challenger);
        bytes32 commitment = court.commitmentOf(challenger, evidence, SALT);
        vm.prank(challenger);
        court.commit(commitment);
        _blocks(2);
    }

    function _facesOf(Receipt memory one, Receipt memory other) internal pure returns (bytes32) {
        return keccak256(abi.encode(one.hash(), other.hash()));
    }

    function _unreported(address challenger, Receipt memory receipt, Report memory filed) internal returns (uint256) {
        bytes memory signature = _sign(receipt);
        _commitTo(challenger, receipt.hash());
        vm.prank(challenger);
        return court.unreported(receipt, signature, filed, SALT);
    }

    function _twoFaces(address challenger, Receipt memory one, Receipt memory other) internal returns (uint256) {
        (bytes memory oneSignature, bytes memory otherSignature) = (_sign(one), _sign(other));
        _commitTo(challenger, _facesOf(one, other));
        vm.prank(challenger);
        return court.twoFaces(one, oneSignature, other, otherSignature, SALT);
    }

    function _missing(address challenger, Receipt memory receipt, Report memory filed) internal returns (bytes32) {
        bytes memory signature = _sign(receipt);
        _commitTo(challenger, receipt.hash());
        vm.prank(challenger);
        court.missing(receipt, signature, filed, SALT);
        return receipt.hash();
    }

    function _blocks(uint256 count) internal {
        _block += count;
        vm.roll(_block);
    }
}
