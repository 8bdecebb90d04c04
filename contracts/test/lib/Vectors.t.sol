// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Fingerprints } from "../../src/lib/Fingerprints.sol";
import { IndexedMerkle } from "../../src/lib/IndexedMerkle.sol";
import { Quote, Quotes } from "../../src/lib/Quotes.sol";
import { Receipt, Receipts, Report } from "../../src/lib/Receipts.sol";
import { SumNode, SumRoot, SumTree } from "../../src/lib/SumTree.sol";
import { Voucher, Vouchers } from "../../src/lib/Vouchers.sol";
import { MinterRegistry } from "../../src/registry/MinterRegistry.sol";
import { UsageLedger } from "../../src/usage/UsageLedger.sol";
import { UserLedger } from "../../src/usage/UserLedger.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice Hashes and proofs equal those of lib/metering, lib/chain, lib/fingerprint and lib/merkle/tree.ts. Their tests read the same file.
contract VectorsTest is BaseTest {
    string private vectors = vm.readFile("test/vectors.json");

    function proves(bytes32 root, bytes32 leaf, uint64 index, uint64 count, bytes32[] calldata siblings)
        external
        pure
        returns (bool)
    {
        return IndexedMerkle.proves(root, leaf, index, count, siblings);
    }

    function test_default_receiptsAndReports_P31() public {
        address usageLedger = vm.parseJsonAddress(vectors, ".usageLedger");
        vm.etch(usageLedger, address(ledger).code);
        ledger = UsageLedger(usageLedger);
        address signer = vm.parseJsonAddress(vectors, ".signer");
        Receipt memory receipt = _receipt();
        Report memory filed = _report();

        vm.assertEq(Receipts.hash(receipt), _word(".receipt.hash"), "receipt");
        vm.assertEq(Receipts.hash(filed), _word(".report.hash"), "report");
        vm.assertEq(ledger.receiptDigest(receipt), _word(".receipt.digest"), "receipt digest");
        vm.assertEq(ledger.reportDigest(filed), _word(".report.digest"), "report digest");
        bytes memory signature = vm.parseJsonBytes(vectors, ".receipt.signature");
        vm.assertEq(ECDSA.recover(ledger.receiptDigest(receipt), signature), signer, "receipt signature");
        signature = vm.parseJsonBytes(vectors, ".report.signature");
        vm.assertEq(ECDSA.recover(ledger.reportDigest(filed), signature), signer, "report signature");
    }

    function test_default_quotes_P31() public {
        address minters = vm.parseJsonAddress(vectors, ".minterRegistry");
        vm.etch(minters, address(minterRegistry).code);
        minterRegistry = MinterRegistry(minters);
        Quote memory quote = Quote({
            minter: vm.parseJsonAddress(vectors, ".quote.minter"),
            modelId: _modelId(_number(".quote.modelId")),
            version: uint32(_number(".quote.version")),
            termsHash: _word(".quote.termsHash"),
            buyer: vm.parseJsonAddress(vectors, ".quote.buyer"),
            buyerSeedHash: _word(".quote.buyerSeedHash"),
            fee: uint32(_number(".quote.fee")),
            secondsToDeliver: uint32(_number(".quote.secondsToDeliver")),
            penalty: _number(".quote.penalty"),
            expiresAt: _number(".quote.expiresAt"),
            salt: _word(".quote.salt")
        });
        bytes32 digest = minterRegistry.quoteDigest(quote);
        vm.assertEq(Quotes.hash(quote), _word(".quote.hash"), "quote");
        vm.assertEq(digest, _word(".quote.digest"), "digest");
        bytes memory signature = vm.parseJsonBytes(vectors, ".quote.signature");
        vm.assertEq(ECDSA.recover(digest, signature), quote.minter, "signature");
    }

    function test_default_fingerprintRoots() public view {
        bytes32 root = Fingerprints.rootOf(_word(".fingerprints.keyPoolRoot"), _word(".fingerprints.responsesRoot"));
        vm.assertEq(root, _word(".fingerprints.root"), "names both");
    }

    function test_default_vouchers_P31() public {
        address userLedger = vm.parseJsonAddress(vectors, ".userLedger");
        vm.etch(userLedger, address(users).code);
        users = UserLedger(userLedger);
        Voucher memory voucher = Voucher({
            copyId: _copyId(_number(".voucher.copyId")),
            user: vm.parseJsonAddress(vectors, ".voucher.user"),
            cumulativeUnits: _number(".voucher.cumulativeUnits"),
            cumulativeAmount: _number(".voucher.cumulativeAmount")
        });
        bytes32 digest =
            users.voucherDigest(voucher.copyId, voucher.user, voucher.cumulativeUnits, voucher.cumulativeAmount);
        vm.assertEq(Vouchers.hash(voucher), _word(".voucher.hash"), "voucher");
        vm.assertEq(digest, _word(".voucher.digest"), "digest");
        bytes memory signature = vm.parseJsonBytes(vectors, ".voucher.signature");
        vm.assertEq(ECDSA.recover(digest, signature), vm.parseJsonAddress(vectors, ".signer"), "signature");
    }

    /// A proof is valid for one leaf, one index, one count and one sum.
    function test_default_sums_P35() public view {
        uint256 total = vm.parseJsonUint(vectors, ".sumsCount");
        for (uint256 i; i < total; ++i) {
            string memory key = string.concat(".sums[", Strings.toString(i), "]");
            SumRoot memory root = SumRoot(
                _word(string.concat(key, ".root")),
                _number(string.concat(key, ".count")),
                _number(string.concat(key, ".sum"))
            );
            bytes32 leaf = SumTree.leafOf(abi.encode(_word(string.concat(key, ".data"))));
            SumNode memory node = SumNode(leaf, _number(string.concat(key, ".units")));
            _assertProves(root, node, _number(string.concat(key, ".index")), _sumSiblings(key));
        }
    }

    function _assertProves(SumRoot memory root, SumNode memory node, uint64 index, SumNode[] memory siblings)
        private
        view
    {
        vm.assertTrue(this.provesSum(root, node, index, siblings), "valid proof");
        vm.assertFalse(this.provesSum(root, node, index + 1, siblings), "another index");
        vm.assertFalse(this.provesSum(root, SumNode(keccak256("x"), node.sum), index, siblings), "another leaf");
        vm.assertFalse(this.provesSum(root, SumNode(node.hash, node.sum + 1), index, siblings), "another sum");
        SumRoot memory other = SumRoot(root.hash, root.count + 1, root.sum);
        vm.assertFalse(this.provesSum(other, node, index, siblings), "another count");
        other = SumRoot(root.hash, root.count, root.sum + 1);
        vm.assertFalse(this.provesSum(other, node, index, siblings), "another total");
        vm.assertFalse(this.provesSum(root, node, index, new SumNode[](siblings.length + 1)), "extra siblings");
        if (siblings.length == 0) return;
        // units cannot be moved from one leaf to its sibling
        (siblings[0].sum, node.sum) = (siblings[0].sum - 1, node.sum + 1);
        vm.assertFalse(this.provesSum(root, node, index, siblings), "moved units");
    }

    /// A sum that overflows proves nothing, so no leaf can hide behind a wrapped sum.
    function test_behavior_anOverflowProvesNothing(uint64 sum) public view {
        sum = uint64(_bound(sum, 1, type(uint64).max));
        SumNode memory leaf = SumNode(SumTree.leafOf("leaf"), sum);
        SumNode[] memory siblings = new SumNode[](1);
        siblings[0] = SumNode(keccak256("sibling"), type(uint64).max - sum + 1);
        bytes32 top = SumTree.nodeOf(leaf.hash, leaf.sum, siblings[0].hash, siblings[0].sum);
        SumRoot memory root = SumRoot(SumTree.rootOf(2, SumNode(top, 0)), 2, 0);
        vm.assertFalse(this.provesSum(root, leaf, 0, siblings), "wrapped");
        siblings[0].sum -= 1;
        top = SumTree.nodeOf(leaf.hash, leaf.sum, siblings[0].hash, siblings[0].sum);
        root = SumRoot(SumTree.rootOf(2, SumNode(top, type(uint64).max)), 2, type(uint64).max);
        vm.assertTrue(this.provesSum(root, leaf, 0, siblings), "the largest sum");
    }

    /// A node does not pass as a leaf, nor a leaf of a plain tree as one of a sum tree.
    function test_behavior_domainsAreSeparated_P35() public view {
        (bytes32 a, bytes32 b) = (SumTree.leafOf("a"), SumTree.leafOf("b"));
        bytes32 node = SumTree.nodeOf(a, 1, b, 2);
        SumRoot memory root = SumRoot(SumTree.rootOf(2, SumNode(node, 3)), 2, 3);
        SumNode[] memory none = new SumNode[](0);
        vm.assertFalse(this.provesSum(SumRoot(root.hash, 1, 3), SumNode(node, 3), 0, none), "a node as a leaf");
        vm.assertFalse(SumTree.leafOf("a") == IndexedMerkle.leafOf("a"), "another kind of tree");
        vm.assertFalse(this.provesSum(SumRoot(root.hash, 0, 0), SumNode(0, 0), 0, none), "an empty tree");
    }

    function provesSum(SumRoot memory root, SumNode memory leaf, uint64 index, SumNode[] calldata siblings)
        external
        pure
        returns (bool)
    {
        return SumTree.proves(root, leaf, index, siblings);
    }

    function _sumSiblings(string memory key) private view returns (SumNode[] memory siblings) {
        bytes32[] memory hashes = vm.parseJsonBytes32Array(vectors, string.concat(key, ".hashes"));
        bytes32[] memory sums = vm.parseJsonBytes32Array(vectors, string.concat(key, ".sums"));
        siblings = new SumNode[](hashes.length);
        for (uint256 i; i < hashes.length; ++i) {
            siblings[i] = SumNode(hashes[i], uint64(uint256(sums[i])));
        }
    }

    function test_default_promptAndResponse() public view {
        vm.assertEq(
            Receipts.promptHashOf(_word(".tokens.salt"), _word(".tokens.keyHash")),
            _word(".receipt.promptHash"),
            "prompt"
        );
        vm.assertEq(
            Receipts.responseHashOf(_word(".tokens.firstHash"), _word(".tokens.answerHash")),
            _word(".receipt.responseHash"),
            "response"
        );
    }

    /// A proof is valid for one leaf, one index and one leaf count.
    function test_default_proofs_P35() public view {
        uint256 total = vm.parseJsonUint(vectors, ".merkleCount");
        for (uint256 i; i < total; ++i) {
            string memory key = string.concat(".merkle[", Strings.toString(i), "]");
            bytes32 root = _word(string.concat(key, ".root"));
            bytes32 leaf = IndexedMerkle.leafOf(abi.encode(_word(string.concat(key, ".data"))));
            uint64 index = uint64(vm.parseJsonUint(vectors, string.concat(key, ".index")));
            uint64 count = uint64(vm.parseJsonUint(vectors, string.concat(key, ".count")));
            bytes32[] memory siblings = vm.parseJsonBytes32Array(vectors, string.concat(key, ".siblings"));

            vm.assertTrue(this.proves(root, leaf, index, count, siblings), "valid proof");
            vm.assertFalse(this.proves(root, leaf, index + 1, count, siblings), "another index");
            vm.assertFalse(this.proves(root, leaf, index, count + 1, siblings), "another count");
            vm.assertFalse(this.proves(root, keccak256("other"), index, count, siblings), "another leaf");
            vm.assertFalse(this.proves(root, leaf, index, count, new bytes32[](siblings.length + 1)), "extra siblings");
        }
    }

    /// An inner node does not pass as a leaf of a smaller tree.
    function test_behavior_aNodeIsNotALeaf_P35() public view {
        (bytes32 a, bytes32 b) = (IndexedMerkle.leafOf("a"), IndexedMerkle.leafOf("b"));
        bytes32 node = keccak256(abi.encodePacked(bytes1(0x01), a, b));
        bytes32 root = keccak256(abi.encodePacked(bytes1(0x02), uint64(2), node));
        vm.assertFalse(this.proves(root, node, 0, 1, new bytes32[](0)), "another count");
        vm.assertFalse(
            this.proves(root, IndexedMerkle.leafOf(abi.encodePacked(a, b)), 0, 1, new bytes32[](0)), "children as data"
        );
    }

    /// An unpaired last leaf is not duplicated, so it has no second index.
    function test_behavior_anOddLastLeaf_P35() public view {
        bytes32 a = IndexedMerkle.leafOf("a");
        bytes32 root = keccak256(abi.encodePacked(bytes1(0x02), uint64(1), a));
        bytes32[] memory itself = new bytes32[](1);
        itself[0] = a;
        vm.assertTrue(this.proves(root, a, 0, 1, new bytes32[](0)), "single leaf");
        vm.assertFalse(this.proves(root, a, 1, 2, itself), "duplicated leaf");
        vm.assertFalse(this.proves(root, a, 0, 0, new bytes32[](0)), "empty tree");
    }

    function _receipt() private view returns (Receipt memory) {
        return Receipt({
            copyId: _copyId(_number(".receipt.copyId")),
            epoch: _number(".receipt.epoch"),
            index: _number(".receipt.index"),
            user: vm.parseJsonAddress(vectors, ".receipt.user"),
            promptHash: _word(".receipt.promptHash"),
            responseHash: _word(".receipt.responseHash"),
            units: _number(".receipt.units"),
            issuedAt: _number(".receipt.issuedAt")
        });
    }

    function _report() private view returns (Report memory) {
        return Report({
            copyId: _copyId(_number(".report.copyId")),
            epoch: _number(".report.epoch"),
            count: _number(".report.count"),
            units: _number(".report.units"),
            receiptsRoot: _word(".report.receiptsRoot")
        });
    }

    function _number(string memory key) private view returns (uint64) {
        return uint64(vm.parseJsonUint(vectors, key));
    }

    function _word(string memory key) private view returns (bytes32) {
        return vm.parseJsonBytes32(vectors, key);
    }
}
